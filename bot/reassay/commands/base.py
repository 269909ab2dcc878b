"""A slash command: its grammar, its help, its typed arguments and its rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from reassay.approvals.arguments import Command as Command  # noqa: PLC0414 -- every verb takes it from here
from reassay.approvals.command_context import CommandContext, Effect, Outcome, Receipt, Refusal
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.finding import did_you_mean

LONGEST_WORD = 60
_REASON = re.compile(r"(?:^|\s)because\s+(?P<reason>\S.*)$", re.IGNORECASE | re.DOTALL)
_BARE_BECAUSE = re.compile(r"(?:^|\s)because\s*$", re.IGNORECASE)
_UNTIL = re.compile(r"(?:^|\s)until\s+(?P<day>\S+)", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class VerbHelp:
    """One row of the table of commands, from which help and the reference are generated."""

    usage: str
    """After `/reassay`."""
    who: str
    effect: str
    example: str
    """A whole line that works."""


class BadCommandError(ValueError):
    """A command line that is not valid; the message says what to write instead."""


def word_shown(word: str) -> str:
    """A user's word for a sentence that shows it as code: short, and unable to end the code."""
    shown = word.replace("`", "'")
    return f"`{shown if len(shown) <= LONGEST_WORD else shown[:LONGEST_WORD] + '…'}`"


def split_reason(rest: str) -> tuple[str, str | None]:
    """The words before `because`, and the reason after it. Raises BadCommandError for a reason that is empty."""
    if _BARE_BECAUSE.search(rest):
        raise BadCommandError("the reason is missing; write it after `because`")
    match = _REASON.search(rest)
    return (rest[: match.start()].strip(), match["reason"].strip()) if match else (rest.strip(), None)


def needs_reason(rest: str, what: str) -> tuple[str, str]:
    """As `split_reason`, for commands that need a reason. Raises BadCommandError without one."""
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
        raise BadCommandError(f"{word_shown(word)} is not a valid date for {what}; write e.g. 2027-01-31")
    return day


def split_until(words: str) -> tuple[str, date]:
    """The words before `until`, and its date. Raises BadCommandError if there is none, or something follows."""
    match = _UNTIL.search(words)
    if match is None:
        raise BadCommandError("the date is missing; write e.g. `until 2027-01-31`")
    after = words[match.end() :].strip()
    if after:
        raise BadCommandError(f"{word_shown(after)} is not valid after the date; write a reason after `because`")
    return words[: match.start()].strip(), read_day(match["day"], "`until`")


def one_of(word: str, choices: tuple[str, ...], what: str) -> str:
    """A word of a small set. Raises BadCommandError, with the nearest one."""
    if word.lower() in choices:
        return word.lower()
    listed = ", ".join(f"`{choice}`" for choice in choices)
    if not word:
        raise BadCommandError(f"the {what} is missing; write one of {listed}")
    if "|" in word:
        # The usage was copied as it is.
        raise BadCommandError(f"{word_shown(word)} is a choice of several; keep one of {listed}")
    hint = did_you_mean(word.lower(), choices).replace("'", "`")
    raise BadCommandError(
        " ".join(filter(None, [f"{word_shown(word)} is not a valid {what}; write one of {listed}.", hint]))
    )


def nothing_more(words: str) -> None:
    """Raises BadCommandError if any words are left."""
    if words.strip():
        raise BadCommandError(f"{word_shown(words.strip())} is not valid here; write a reason after `because`")


CommandT_co = TypeVar("CommandT_co", bound=Command, covariant=True)
Acknowledge = Callable[[tuple[LedgerRecord, ...], CommandContext], Receipt | None]
"""The reply once something is recorded, from the records alone; None if they belong to another command."""


@dataclass(frozen=True, slots=True)
class SlashCommand(Generic[CommandT_co]):
    """One slash command: its grammar, its help and its rules."""

    name: str
    help: VerbHelp
    arguments: type[CommandT_co]
    parse: Callable[[str], CommandT_co]
    """Reads the words after the verb. Raises BadCommandError."""
    act: Callable[[CommandT_co, CommandContext], Outcome]
    """Records, a second person to wait for, or a refusal with advice."""
    receipt: Acknowledge | None = None
    """None where the issue itself shows the record, or nothing is recorded."""
    confirmed: Callable[[CommandT_co, CommandContext, CommandContext], Effect | Refusal] | None = None
    """Records of a second person's `confirm`, given the contexts of both; None for commands of one person."""
    is_for_pull_requests: bool = False
    """Whether it works on a pull request."""
    is_for_anywhere: bool = False
    """Whether it works outside of a re-assessment's issue."""
    is_showing: bool = False
    """Whether it only shows something (`Shows`), so that text in which it is named is left alone."""

    def outcome(self, command: Command, context: CommandContext) -> Outcome:
        """The outcome of the command where it was written. Raises TypeError for arguments of another command."""
        return self.act(self._own(command), context)

    def confirmation(self, command: Command, first: CommandContext, second: CommandContext) -> Outcome:
        """The outcome once a second person has confirmed. Raises TypeError for arguments of another command."""
        if self.confirmed is None:
            return self.act(self._own(command), second)
        return self.confirmed(self._own(command), first, second)

    def acknowledge(self, records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
        """The reply about its records where it was written; None without one."""
        return self.receipt(records, context) if self.receipt else None

    def _own(self, command: Command) -> CommandT_co:
        if not isinstance(command, self.arguments):
            raise TypeError(f"{type(command).__name__} is not an argument of '{self.name}'")
        return command
