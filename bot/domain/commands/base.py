"""What a verb is: its grammar, its help, and typed arguments."""

import re
from dataclasses import dataclass
from datetime import date

LONGEST_WORD = 60
_REASON = re.compile(r"(?:^|\s)because\s+(?P<reason>\S.*)$", re.IGNORECASE | re.DOTALL)
_BARE_BECAUSE = re.compile(r"(?:^|\s)because\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VerbHelp:
    """One row of the table of commands; help and the reference are generated from it."""

    usage: str
    """After `/reassay`."""
    who: str
    effect: str
    example: str
    """A whole line that works."""


class BadCommandError(ValueError):
    """The line cannot be understood; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Explain:
    """Why this is open, what would settle it, who can."""


@dataclass(frozen=True, slots=True)
class Help:
    """The commands and their usage."""

    verb: str | None = None
    """One verb only."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A follow-up with its date."""

    due: date
    text: str


@dataclass(frozen=True, slots=True)
class Conclude:
    """Decide a re-assessment."""

    decision: str
    deployment: str | None = None
    follow_ups: tuple[Promise, ...] = ()
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    """Say that a ground for leaving a re-assessment out holds."""

    condition: str
    until: date
    because: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Confirm what another comment asked for."""

    comment: int


def word_shown(word: str) -> str:
    """A user's word for a sentence that shows it as code: short, and unable to end the code."""
    shown = word.replace("`", "'")
    return f"`{shown if len(shown) <= LONGEST_WORD else shown[:LONGEST_WORD] + '…'}`"


Command = Explain | Help | Conclude | Waive | Confirm


def split_reason(rest: str) -> tuple[str, str | None]:
    """The words before `because`, and the reason after it. Raises BadCommandError for a reason that is empty."""
    if _BARE_BECAUSE.search(rest):
        raise BadCommandError("`because` is followed by nothing; write the reason after it")
    match = _REASON.search(rest)
    return (rest[: match.start()].strip(), match["reason"].strip()) if match else (rest.strip(), None)
