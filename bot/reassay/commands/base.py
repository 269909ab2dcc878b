"""What a verb is: its grammar, its help, and typed arguments."""

import re
from dataclasses import dataclass
from datetime import date

from reassay.approvals.arguments import Command as Command  # noqa: PLC0414 -- every verb takes it from here
from reassay.register.finding import did_you_mean

LONGEST_WORD = 60
_REASON = re.compile(r"(?:^|\s)because\s+(?P<reason>\S.*)$", re.IGNORECASE | re.DOTALL)
_BARE_BECAUSE = re.compile(r"(?:^|\s)because\s*$", re.IGNORECASE)
_UNTIL = re.compile(r"(?:^|\s)until\s+(?P<day>\S+)", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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


def word_shown(word: str) -> str:
    """A user's word for a sentence that shows it as code: short, and unable to end the code."""
    shown = word.replace("`", "'")
    return f"`{shown if len(shown) <= LONGEST_WORD else shown[:LONGEST_WORD] + '…'}`"


def split_reason(rest: str) -> tuple[str, str | None]:
    """The words before `because`, and the reason after it. Raises BadCommandError for a reason that is empty."""
    if _BARE_BECAUSE.search(rest):
        raise BadCommandError("`because` is followed by nothing; write the reason after it")
    match = _REASON.search(rest)
    return (rest[: match.start()].strip(), match["reason"].strip()) if match else (rest.strip(), None)


def needs_reason(rest: str, what: str) -> tuple[str, str]:
    """As `split_reason`, for what cannot be without one. Raises BadCommandError."""
    words, because = split_reason(rest)
    if because is None:
        raise BadCommandError(f"{what} needs a reason after `because`")
    return words, because


def read_day(word: str, what: str) -> date:
    """A calendar date. Raises BadCommandError."""
    try:
        day = date.fromisoformat(word) if _DAY.fullmatch(word) else None
    except ValueError:
        day = None
    if day is None:
        raise BadCommandError(f"{what} needs a date as YYYY-MM-DD, not {word_shown(word)}")
    return day


def split_until(words: str) -> tuple[str, date]:
    """The words before `until`, and its date. Raises BadCommandError if there is none, or something follows."""
    match = _UNTIL.search(words)
    if match is None:
        raise BadCommandError("`until` and a date are missing: `until 2027-01-31`")
    after = words[match.end() :].strip()
    if after:
        raise BadCommandError(f"{word_shown(after)} is not understood after the date; write a reason after `because`")
    return words[: match.start()].strip(), read_day(match["day"], "`until`")


def one_of(word: str, known: tuple[str, ...], what: str) -> str:
    """A word of a small set. Raises BadCommandError, with the nearest one."""
    if word.lower() in known:
        return word.lower()
    choices = ", ".join(f"`{each}`" for each in known)
    if not word:
        raise BadCommandError(f"the {what} is missing: one of {choices}")
    hint = did_you_mean(word.lower(), known).replace("'", "`")
    raise BadCommandError(" ".join(filter(None, [f"{word_shown(word)} is not {_a(what)}: one of {choices}.", hint])))


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def nothing_more(words: str) -> None:
    """Raises BadCommandError if there is anything left."""
    if words.strip():
        raise BadCommandError(f"{word_shown(words.strip())} is not understood; write a reason after `because`")
