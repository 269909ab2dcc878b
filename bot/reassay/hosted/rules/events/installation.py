"""The App was installed, uninstalled or suspended, or its permissions changed."""

from reassay.hosted.rules.events.base import Delivered, Meaning

EVENT, PERMISSION, MODEL = "installation", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; new ones are swept at once."""
    return Meaning(refresh=True)
