"""A review was submitted or dismissed: an approving review can count as a sign-off."""

from reassay.hosted.rules.events.base import Delivered, Meaning, PullRef, nothing

EVENT, PERMISSION = "pull_request_review", "pull_requests"


class ReviewEvent(Delivered, frozen=True, kw_only=True):
    """An event on a review."""

    pull_request: PullRef


MODEL = ReviewEvent


def meaning(payload: ReviewEvent, *, own: bool) -> Meaning:
    """Ignores edits of a review: they change no verdict."""
    if own or payload.action not in {"submitted", "dismissed"}:
        return nothing(f"'{payload.action}' changes no verdict")
    return Meaning(pulls=(payload.pull_request.number,))
