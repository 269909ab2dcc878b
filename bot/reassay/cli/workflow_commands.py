"""Workflow commands of GitHub Actions: annotations, and text that cannot be taken for a command.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows of a step; it drops the others without a word."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotation of a workflow run."""

    level: str
    """error, warning or notice."""
    place: str
    """Properties of the workflow command, escaped."""
    text: str


def annotated(annotations: Sequence[Annotated]) -> Iterator[str]:
    """Workflow commands of as many annotations as GitHub shows, and the others as plain lines of the log.

    Where some are left out, the last one of their level says how many, and where they are.
    """
    for level in dict.fromkeys(annotation.level for annotation in annotations):
        own = [annotation for annotation in annotations if annotation.level == level]
        shown = own if len(own) <= MOST_OF_A_LEVEL else own[: MOST_OF_A_LEVEL - 1]
        yield from (f"::{level} {annotation.place}::{escape(annotation.text)}" for annotation in shown)
        left = own[len(shown) :]
        if left:
            words = f"{len(left)} more are in the log of this step; `reassay check` lists findings of the register"
            yield f"::{level} title=reassay::{escape(words)}"
        yield from (escape_line(f"{level}: {annotation.place}: {annotation.text}") for annotation in left)


def escape(text: str, *, property_: bool = False) -> str:
    """Data of a workflow command, escaped so that untrusted text cannot end or start a command.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def escape_line(text: str) -> str:
    """Log text in which no line is a workflow command."""
    return "\n".join(line.replace("::", ": :") for line in text.splitlines())
