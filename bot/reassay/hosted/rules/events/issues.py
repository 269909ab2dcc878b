from reassay.hosted.rules.events.base import OURS, Delivered, Meaning, Number, Payload, WebhookEvent, nothing

ACTIONS = frozenset({"closed", "reopened", "edited", "deleted", "transferred", "labeled", "unlabeled", "unassigned"})


class Issue(Payload, frozen=True, kw_only=True):
    """As it is now."""

    number: Number
    body: str | None = None


class IssueEvent(Delivered, frozen=True, kw_only=True):
    """What happened to an issue."""

    issue: Issue


def _meaning(payload: IssueEvent, *, own: bool) -> Meaning:
    """Issues that nobody could take for ours are passed over, and so is what we did ourselves."""
    if own:
        return nothing("our own doing")
    if payload.action not in ACTIONS:
        return nothing(f"'{payload.action}' changes nothing of ours")
    # An edit may just have taken our marker out.
    if OURS not in (payload.issue.body or "") and payload.action != "edited":
        return nothing("not an issue of ours")
    return Meaning(issues=(payload.issue.number,))


WEBHOOK_EVENT = WebhookEvent(
    "issues",
    "issues",
    IssueEvent,
    _meaning,
    "An issue of ours may have been closed by hand, reopened, edited or relabelled.",
)
