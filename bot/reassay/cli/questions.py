"""Questions on a terminal."""

import sys
from collections.abc import Callable
from typing import TextIO

from reassay.common.errors import UsageError

Checked = Callable[[str], str]
"""Makes of an answer the value; raises UsageError for one that cannot be used, and the question is asked again."""


def is_terminal(out: TextIO) -> bool:
    """Whether somebody can be asked: standard input and standard output are terminals."""
    return sys.stdin is not None and sys.stdin.isatty() and out.isatty()


def ask(question: str, proposal: str, checked: Checked, out: TextIO, *, optional: bool = False) -> str:
    """The value of an answer; an empty answer takes the proposal, or is the empty text where `optional`.

    Raises UsageError if the input ends.
    """
    while True:
        print(f"{question}{f' [{proposal}]' if proposal else ''}: ", end="", file=out, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=out)
            raise UsageError("there was no answer.", remedy="Give the values as options: see --help.")
        answer = line.strip() or proposal
        if not answer and optional:
            return ""
        if not answer:
            print("  An answer is needed.", file=out)
            continue
        try:
            return checked(answer)
        except UsageError as error:
            print(f"  {error.message} {error.remedy or ''}".rstrip(), file=out)
