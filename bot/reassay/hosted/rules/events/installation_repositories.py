"""Repositories were added to an installation, or taken away."""

from reassay.hosted.rules.events.base import Delivered, Meaning

EVENT, PERMISSION, MODEL = "installation_repositories", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """What there is now is asked of GitHub; repositories that are new are swept at once."""
    return Meaning(refresh=True)
