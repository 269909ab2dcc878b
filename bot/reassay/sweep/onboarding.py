"""First contact: nothing is opened before somebody has seen what would be, and said yes by merging one line."""

from reassay.assessment.cells import Situation
from reassay.register.finding import Origin

BRANCH = "reassay-onboarding"
PATH = ".github/reassay.yml"
LINE = "mode: remind"


def is_accepted(situation: Situation) -> bool:
    """A mode is configured, or the ledger shows that it was accepted before."""
    return situation.register.configuration.mode is not None or situation.history.seq > 0


def with_mode(text: str | None, origin: Origin | None) -> str | None:
    """The file that holds the configuration, with the line that accepts; None if it has to be written by hand.

    `text` None: there is no configuration, so a new file holds it.
    """
    if text is None or origin is None:
        return f"{LINE}\n"
    keys = [place for location, place in origin.key_marks.items() if len(location) == 1]
    if not keys:
        return f"{LINE}\n{text}" if not text.strip() else None
    line, column = min(keys)
    if column != 1:
        return None
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    return "\n".join([*lines[: line - 1], f"{LINE}{end}", *lines[line - 1 :]])
