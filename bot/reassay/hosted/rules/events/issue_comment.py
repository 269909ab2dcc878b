from reassay.common.command_lines import is_for_us
from reassay.hosted.rules.events.base import Delivered, Meaning, Number, Payload, WebhookEvent, nothing


class Comment(Payload, frozen=True, kw_only=True):
    """What was written."""

    body: str | None = None


class Link(Payload, frozen=True, kw_only=True):
    """To the pull request that the issue is."""


class Issue(Payload, frozen=True, kw_only=True):
    """Where: `pull_request` is there if it is one."""

    number: Number
    pull_request: Link | None = None


class CommentEvent(Delivered, frozen=True, kw_only=True):
    """A comment."""

    issue: Issue
    comment: Comment


def _meaning(payload: CommentEvent, *, own: bool) -> Meaning:
    """Only new comments with a command line: edits and deletions never change anything."""
    if own:
        return nothing("our own doing")
    if payload.action != "created":
        return nothing("commands act only while never edited")
    if not is_for_us(payload.comment.body or ""):
        return nothing("the comment holds no command")
    number = payload.issue.number
    return Meaning(pulls=(number,)) if payload.issue.pull_request is not None else Meaning(issues=(number,))


WEBHOOK_EVENT = WebhookEvent("issue_comment", "issues", CommentEvent, _meaning, "Somebody may have written a command.")
