"""Somebody may have written a command."""

from bot.domain.commands import is_for_us
from bot.domain.hosting.events.base import Delivered, Meaning, Number, Payload, nothing

EVENT, PERMISSION = "issue_comment", "issues"


class Comment(Payload):
    """What was written."""

    body: str | None = None


class Issue(Payload):
    """Where: `pull_request` is there if it is one."""

    number: Number
    pull_request: dict[str, object] | None = None


class CommentEvent(Delivered):
    """A comment."""

    issue: Issue
    comment: Comment


MODEL = CommentEvent


def meaning(payload: CommentEvent, *, own: bool) -> Meaning:
    """Only new comments with a command line: edits and deletions never change anything."""
    if own:
        return nothing("our own doing")
    if payload.action != "created":
        return nothing("commands act only while never edited")
    if not is_for_us(payload.comment.body or ""):
        return nothing("the comment holds no command")
    number = payload.issue.number
    return Meaning(pulls=(number,)) if payload.issue.pull_request is not None else Meaning(issues=(number,))
