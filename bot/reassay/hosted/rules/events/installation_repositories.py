from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent


def _meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; new ones are swept at once."""
    return Meaning(refresh=True)


WEBHOOK_EVENT = WebhookEvent(
    "installation_repositories", None, Delivered, _meaning, "Repositories were added to an installation, or removed."
)
