"""The account that the App is installed on was renamed."""

from reassay.hosted.rules.events.base import Delivered, Meaning

EVENT, PERMISSION, MODEL = "installation_target", None, Delivered


def meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories, whose names changed as well."""
    return Meaning(refresh=True)
