from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent


def _meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """What there is now is asked of GitHub; repositories that are new are swept at once."""
    return Meaning(refresh=True)


WEBHOOK_EVENT = WebhookEvent(
    "installation", None, Delivered, _meaning, "The App was installed, uninstalled, suspended, or got other rights."
)
