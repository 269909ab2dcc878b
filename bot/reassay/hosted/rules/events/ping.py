"""GitHub tests the webhook's address."""

from reassay.hosted.rules.events.base import Delivered, Meaning, nothing

EVENT, PERMISSION, MODEL = "ping", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Needs no job."""
    return nothing("a ping")
