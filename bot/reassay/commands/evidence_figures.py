"""The figures of a census or an exercise, as a command states them."""

import re
from typing import Final

from reassay.commands.base import BadCommandError, one_of, word_shown
from reassay.ledger.answers import EvidenceFigures

_COUNT: Final = re.compile(r"(\d{1,9})/(\d{1,9})")


def figures_of(kind: str, words: str) -> EvidenceFigures:
    """The figures after the kind of evidence. Raises BadCommandError."""
    if kind == "census":
        match = _COUNT.fullmatch(words)
        if match is None or not 0 <= int(match[1]) <= int(match[2]) or int(match[2]) == 0:
            raise BadCommandError("the figures of a census are missing; write e.g. `census 117/120`")
        return EvidenceFigures(counted=int(match[1]), total=int(match[2]))
    if kind == "exercise":
        return EvidenceFigures(passed=one_of(words, ("passed", "failed"), "outcome") == "passed")
    if words:
        raise BadCommandError(
            f"{word_shown(words)} is not valid here; write declarations as `trained-on no` or `languages en,de` without blanks"
            " between languages, and the findings after `because`"
        )
    return EvidenceFigures()
