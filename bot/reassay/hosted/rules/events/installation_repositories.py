"""Repositories were added to an installation, or removed."""

from reassay.hosted.rules.events.base import Delivered, Meaning

EVENT, PERMISSION, MODEL = "installation_repositories", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; new ones are swept at once."""
    return Meaning(refresh=True)
