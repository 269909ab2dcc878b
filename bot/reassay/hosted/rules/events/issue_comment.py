from reassay.common.command_lines import has_command_lines
from reassay.hosted.rules.events.base import Delivered, Meaning, Number, Payload, WebhookEvent, nothing


class CommentText(Payload, frozen=True, kw_only=True):
    """The comment."""

    body: str | None = None


class PullLink(Payload, frozen=True, kw_only=True):
    """Present on an issue that is a pull request; its fields are not used."""


class CommentedIssue(Payload, frozen=True, kw_only=True):
    """The issue or pull request that the comment is on."""

    number: Number
    pull_request: PullLink | None = None


class CommentEvent(Delivered, frozen=True, kw_only=True):
    """An event on a comment."""

    issue: CommentedIssue
    comment: CommentText


def _meaning(payload: CommentEvent, *, own: bool) -> Meaning:
    """Only new comments with a command: an edited comment has no effect."""
    if own:
        return nothing("our own doing")
    if payload.action != "created":
        return nothing("commands act only while never edited")
    if not has_command_lines(payload.comment.body or ""):
        return nothing("the comment holds no command")
    number = payload.issue.number
    return Meaning(pulls=(number,)) if payload.issue.pull_request is not None else Meaning(issues=(number,))


WEBHOOK_EVENT = WebhookEvent(
    "issue_comment", "issues", CommentEvent, _meaning, "A comment was written: it may hold a command."
)
