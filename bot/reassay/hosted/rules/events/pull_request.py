from reassay.hosted.rules.events.base import Delivered, Meaning, PullRef, WebhookEvent, nothing

ACTIONS = frozenset(
    {"opened", "synchronize", "reopened", "edited", "ready_for_review", "converted_to_draft", "closed", "enqueued", "dequeued"}
)  # fmt: skip


class PullEvent(Delivered, frozen=True, kw_only=True):
    """An event on a pull request."""

    pull_request: PullRef


def _meaning(payload: PullEvent, *, own: bool) -> Meaning:
    """Ignores pull requests that the App itself opened or edited."""
    if own and payload.action != "closed":
        return nothing("our own doing")
    if payload.action not in ACTIONS:
        return nothing(f"'{payload.action}' changes no verdict")
    # A merge changes the register, so the whole repository is swept.
    return Meaning(pulls=(payload.pull_request.number,), whole=payload.action == "closed")


WEBHOOK_EVENT = WebhookEvent(
    "pull_request", "pull_requests", PullEvent, _meaning, "A pull request, its head or its base may have changed."
)
