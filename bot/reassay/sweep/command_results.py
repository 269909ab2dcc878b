"""Results of slash commands, and the replies to their comments."""

from collections.abc import Iterator
from dataclasses import dataclass

from reassay.assessment.schedule.plan import Ask
from reassay.github.repository_state import Issue
from reassay.people.account import Comment
from reassay.sweep.actions import AddComment, IssueAction, React
from reassay.sweep.issue_comments import keys_said
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.views.comments import CommentDraft

DONE, NOT_DONE = "+1", "confused"
"""Reactions to a comment whose commands all had an effect, and to one where a command had none."""


@dataclass(frozen=True, slots=True)
class CommentReply:
    """The answer to one comment."""

    number: int
    """Of the issue or pull request."""
    comment: Comment
    said: tuple[CommentDraft, ...]
    reaction: str


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The outcome of one command."""

    said: CommentDraft | None
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
    answers: tuple[CommentReply, ...] = ()

    @property
    def is_unrecorded(self) -> bool:
        """Whether something is still to be recorded: true before the append, and after it if it was overtaken."""
        return bool(self.draft.records or self.asks)


def replies(answer: CommentReply, issue: Issue, bot_accounts: frozenset[str]) -> Iterator[IssueAction]:
    """Nothing if another run has answered meanwhile."""
    if any(comment.id == answer.comment.id and comment.reacted for comment in issue.comments):
        return
    keys = keys_said(issue, bot_accounts)
    for said in answer.said:
        if said.key not in keys:
            yield AddComment(issue.number, said.key, said.body)
    yield React(issue.number, answer.comment, answer.reaction)
