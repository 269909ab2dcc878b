from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent, nothing


def _meaning(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Needs no job."""
    return nothing("a ping")


WEBHOOK_EVENT = WebhookEvent("ping", None, Delivered, _meaning, "GitHub tests the webhook's address.")
