from reassay.hosted.rules.events.base import Delivered, Meaning, PullRef, WebhookEvent, nothing


class ReviewEvent(Delivered, frozen=True, kw_only=True):
    """A review."""

    pull_request: PullRef


def _meaning(payload: ReviewEvent, *, own: bool) -> Meaning:
    """Submitted or dismissed."""
    if own or payload.action not in {"submitted", "dismissed"}:
        return nothing(f"'{payload.action}' changes no verdict")
    return Meaning(pulls=(payload.pull_request.number,))


WEBHOOK_EVENT = WebhookEvent(
    "pull_request_review",
    "pull_requests",
    ReviewEvent,
    _meaning,
    "An approving review may count, and is spoken of where it does not.",
)
