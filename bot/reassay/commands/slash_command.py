"""A slash command: its grammar, its help, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from reassay.approvals.asking import Asking, Effect, Outcome, Receipt, Refusal
from reassay.commands.base import Command, VerbHelp
from reassay.ledger.reassessment import Noted

CommandT_co = TypeVar("CommandT_co", bound=Command, covariant=True)
Acknowledge = Callable[[tuple[Noted, ...], Asking], Receipt | None]
"""What is said once something is recorded, from the records alone; None if they are of another command."""


@dataclass(frozen=True, slots=True)
class SlashCommand(Generic[CommandT_co]):
    """One verb of the grammar, and its rules."""

    name: str
    help: VerbHelp
    arguments: type[CommandT_co]
    parse: Callable[[str], CommandT_co]
    """Reads the words after the verb. Raises BadCommandError."""
    act: Callable[[CommandT_co, Asking], Outcome]
    """Something to record, a second person to wait for, or a refusal that helps."""
    receipt: Acknowledge | None = None
    """None where an issue says it itself, or nothing is recorded."""
    confirmed: Callable[[CommandT_co, Asking, Asking], Effect | Refusal] | None = None
    """What a second person's `confirm` records, given how things stood for the first and stand for the second; None
    unless it takes two."""
    is_for_pull_requests: bool = False
    """Whether it works on a pull request."""
    is_for_anywhere: bool = False
    """Whether it works outside of a re-assessment's issue."""

    def outcome(self, command: Command, asking: Asking) -> Outcome:
        """What comes of it where it was written. Raises TypeError for arguments of another command."""
        return self.act(self._own(command), asking)

    def confirmation(self, command: Command, first: Asking, second: Asking) -> Outcome:
        """What comes of it once a second person has confirmed. Raises TypeError for arguments of another command."""
        if self.confirmed is None:
            return self.act(self._own(command), second)
        return self.confirmed(self._own(command), first, second)

    def acknowledge(self, noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
        """What is said of its records where it was written; None if nothing is."""
        return self.receipt(noted, asking) if self.receipt else None

    def _own(self, command: Command) -> CommandT_co:
        if not isinstance(command, self.arguments):
            raise TypeError(f"{type(command).__name__} are no arguments of '{self.name}'")
        return command
