"""Results of slash commands: records first, answers after."""

from dataclasses import dataclass

from reassay.assessment.schedule.plan import Ask
from reassay.people.account import Comment
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.views.comments import Said

DONE, NOT_DONE = "+1", "confused"
"""Reactions to a comment whose commands all had an effect, and to one where a command had none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one comment."""

    number: int
    """Of the issue or pull request."""
    comment: Comment
    said: tuple[Said, ...]
    reaction: str


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The outcome of one command."""

    said: Said | None
    ok: bool
    pending: bool = False
    """Not recorded yet: nothing may be said of it."""


@dataclass(frozen=True, slots=True)
class CommandResults:
    """The outcome of all new comments."""

    draft: LedgerDraft
    """Records to append, and the situation once they are."""
    asks: tuple[Ask, ...] = ()
    """Re-assessments that are asked for."""
    answers: tuple[Answer, ...] = ()

    @property
    def is_unrecorded(self) -> bool:
        """Whether something is still to be recorded: true before the append, and after it if it was overtaken."""
        return bool(self.draft.records or self.asks)
