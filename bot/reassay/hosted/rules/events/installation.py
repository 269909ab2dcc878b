from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent


def _meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; new ones are swept at once."""
    return Meaning(refresh=True)


WEBHOOK_EVENT = WebhookEvent(
    "installation",
    None,
    Delivered,
    _meaning,
    "The App was installed, uninstalled or suspended, or its permissions changed.",
)
