from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent


def _meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories, whose names changed as well."""
    return Meaning(refresh=True)


WEBHOOK_EVENT = WebhookEvent(
    "installation_target", None, Delivered, _meaning, "The account that the App is installed on was renamed."
)
