from reassay.hosted.rules.events.base import LEDGER_REF, Delivered, Meaning, Name, WebhookEvent, nothing


class PushEvent(Delivered, frozen=True, kw_only=True):
    """A branch or a tag moved."""

    ref: Name = ""
    created: bool = False
    deleted: bool = False


def _meaning(payload: PushEvent, *, own: bool) -> Meaning:
    """Branches that appear have no pull requests into them yet; a head that moves comes as `synchronize` as well."""
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
    "The register may have changed, or what pull requests are merged into; or somebody wrote to the ledger.",
)
