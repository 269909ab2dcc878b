"""The account that the App is installed on has another name."""

from reassay.hosted.rules.events.base import Delivered, Meaning

EVENT, PERMISSION, MODEL = "installation_target", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """So have its repositories."""
    return Meaning(refresh=True)
