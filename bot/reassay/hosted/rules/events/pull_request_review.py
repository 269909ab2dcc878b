from reassay.hosted.rules.events.base import Delivered, Meaning, PullRef, WebhookEvent, nothing


class ReviewEvent(Delivered, frozen=True, kw_only=True):
    """An event on a review."""

    pull_request: PullRef


def _meaning(payload: ReviewEvent, *, own: bool) -> Meaning:
    """Ignores edits of a review: they change no verdict."""
    if own or payload.action not in {"submitted", "dismissed"}:
        return nothing(f"'{payload.action}' changes no verdict")
    return Meaning(pulls=(payload.pull_request.number,))


WEBHOOK_EVENT = WebhookEvent(
    "pull_request_review",
    "pull_requests",
    ReviewEvent,
    _meaning,
    "A review was submitted or dismissed: an approving review can count as a sign-off.",
)
