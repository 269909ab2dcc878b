from reassay.hosted.rules.events.base import LEDGER_REF, Delivered, Meaning, Name, WebhookEvent, nothing


class PushEvent(Delivered, frozen=True, kw_only=True):
    """A branch or a tag moved."""

    ref: Name = ""
    created: bool = False
    deleted: bool = False


def _meaning(payload: PushEvent, *, own: bool) -> Meaning:
    """Ignores new branches: no pull request has them as base yet, and new heads have their own event."""
    if own:
        return nothing("our own doing")
    if not payload.ref.startswith("refs/heads/"):
        return nothing("not a branch")
    default = payload.repository.default_branch if payload.repository else ""
    if payload.created and payload.ref not in {f"refs/heads/{default}", LEDGER_REF}:
        return nothing("a new branch")
    return Meaning(whole=True)


WEBHOOK_EVENT = WebhookEvent(
    "push",
    "contents",
    PushEvent,
    _meaning,
    "A branch moved: the register, the base of a pull request or the ledger may have changed.",
)
