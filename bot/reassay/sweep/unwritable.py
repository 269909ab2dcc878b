"""Places where GitHub lets nobody write: comments in a locked conversation, and anything where issues are turned off.

Everything else is still done, and the report says what is missing; once it can be written, the next run writes it.
"""

from collections.abc import Sequence

from reassay.common.errors import IssuesOffError, LockedError
from reassay.github.answers import TURN_ON, UNLOCK
from reassay.github.repository_state import Issue
from reassay.sweep.actions import AddComment, CreateLabel, IssueAction, Publish, React
from reassay.sweep.report import SweepFailure

COMMENTING = (AddComment, React)
"""Actions that a locked conversation does not take. A reaction says that the reply is there, so it waits with it."""


def without_comments(
    actions: Sequence[IssueAction | CreateLabel | Publish],
) -> list[IssueAction | CreateLabel | Publish]:
    """The actions that a locked conversation takes: title, text, labels, closing."""
    return [action for action in actions if not isinstance(action, COMMENTING)]


def writable(issue: Issue, actions: Sequence[IssueAction]) -> list[IssueAction]:
    """The actions that this issue or pull request takes now."""
    return [action for action in actions if not (issue.is_locked and isinstance(action, COMMENTING))]


def locked(what: str) -> SweepFailure:
    """Comments that a locked conversation does not take."""
    text = (
        f"its conversation is locked, so the comments of this bot are missing there. {UNLOCK} The next run writes them."
    )
    return SweepFailure(what, text, LockedError(text))


def issues_off(repository: str) -> SweepFailure:
    """Issues are turned off: what is due is recorded, and nobody is told of it there."""
    text = (
        f"issues are turned off in {repository}: what is due is recorded, and no issue tells anybody."
        f" {TURN_ON} The next run opens what is missing."
    )
    return SweepFailure("issues", text, IssuesOffError(text))
