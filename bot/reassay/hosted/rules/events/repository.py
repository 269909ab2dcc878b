from reassay.hosted.rules.events.base import Delivered, Meaning, WebhookEvent, nothing

ACTIONS = frozenset(
    {"renamed", "transferred", "deleted", "privatized", "publicized", "archived", "unarchived", "edited"}
)


def _meaning(payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; the repository is swept if it is still there."""
    if payload.action not in ACTIONS:
        return nothing(f"'{payload.action}' changes nothing here")
    return Meaning(refresh=True, whole=payload.action not in {"deleted", "transferred"})


WEBHOOK_EVENT = WebhookEvent(
    "repository",
    "metadata",
    Delivered,
    _meaning,
    "A repository was renamed, transferred or deleted, or its visibility changed.",
)
