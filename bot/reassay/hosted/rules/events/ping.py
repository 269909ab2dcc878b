"""GitHub tries out the address."""

from reassay.hosted.rules.events.base import Delivered, Meaning, nothing

EVENT, PERMISSION, MODEL = "ping", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Nothing."""
    return nothing("a ping")
