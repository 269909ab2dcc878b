"""Results of slash commands, and the replies to their comments."""

from collections.abc import Iterator
from dataclasses import dataclass

from reassay.assessment.schedule.plan import Ask
from reassay.github.repository_state import Issue
from reassay.people.account import Comment
from reassay.sweep.actions import AddComment, IssueAction, React
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.views.comments import CommentDraft
from reassay.sweep.views.replies import CommandReply

DONE, NOT_DONE = "+1", "confused"
"""Reactions to a comment whose commands all had an effect, and to one where a command had none."""


@dataclass(frozen=True, slots=True)
class CommentReply:
    """The reply to one comment."""

    number: int
    """Number of the issue or pull request."""
    comment: Comment
    drafts: tuple[CommentDraft, ...]
    """One; none where somebody writes so much that they are only acknowledged, or the issue itself shows the record."""
    reaction: str


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The outcome of one command."""

    reply: CommandReply | None
    """None where the issue itself shows the record, or it is pending."""
    pending: bool = False
    """Whether it is not recorded yet, so that no reply may be written."""


@dataclass(frozen=True, slots=True)
class CommandResults:
    """The outcome of all new comments."""

    draft: LedgerDraft
    """Records to append, and the situation after them."""
    asks: tuple[Ask, ...] = ()
    """Requested re-assessments."""
    replies: tuple[CommentReply, ...] = ()

    @property
    def is_unrecorded(self) -> bool:
        """Whether something is still to be recorded: true before the append, and after it if it was overtaken."""
        return bool(self.draft.records or self.asks)


def reply_actions(reply: CommentReply, issue: Issue, bot_accounts: frozenset[str]) -> Iterator[IssueAction]:
    """The reply to a comment and the reaction that acknowledges it; nothing if another run has replied already."""
    if any(comment.id == reply.comment.id and comment.reacted for comment in issue.comments):
        return
    keys = own_keys(issue, bot_accounts)
    for draft in reply.drafts:
        if draft.key not in keys:
            yield AddComment(issue.number, draft.key, draft.body)
    yield React(issue.number, reply.comment, reply.reaction)
