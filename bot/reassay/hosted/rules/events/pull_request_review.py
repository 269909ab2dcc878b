"""An approving review may count, and is spoken of where it does not."""

from reassay.hosted.rules.events.base import Delivered, Meaning, PullRef, nothing

EVENT, PERMISSION = "pull_request_review", "pull_requests"


class ReviewEvent(Delivered, frozen=True, kw_only=True):
    """A review."""

    pull_request: PullRef


MODEL = ReviewEvent


def meaning(payload: ReviewEvent, *, own: bool) -> Meaning:
    """Submitted or dismissed."""
    if own or payload.action not in {"submitted", "dismissed"}:
        return nothing(f"'{payload.action}' changes no verdict")
    return Meaning(pulls=(payload.pull_request.number,))
