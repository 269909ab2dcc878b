from reassay.hosted.rules.events.base import OURS, Delivered, Meaning, Number, Payload, WebhookEvent, nothing

ACTIONS = frozenset({"closed", "reopened", "edited", "deleted", "transferred", "labeled", "unlabeled", "unassigned"})


class ChangedIssue(Payload, frozen=True, kw_only=True):
    """The issue after the change."""

    number: Number
    body: str | None = None


class IssueEvent(Delivered, frozen=True, kw_only=True):
    """An event on an issue."""

    issue: ChangedIssue


def _meaning(payload: IssueEvent, *, own: bool) -> Meaning:
    """Ignores issues without our marker, and changes that the App itself made."""
    if own:
        return nothing("our own doing")
    if payload.action not in ACTIONS:
        return nothing(f"'{payload.action}' changes nothing of ours")
    # An edit may have removed our marker.
    if OURS not in (payload.issue.body or "") and payload.action != "edited":
        return nothing("not an issue of ours")
    return Meaning(issues=(payload.issue.number,))


WEBHOOK_EVENT = WebhookEvent(
    "issues",
    "issues",
    IssueEvent,
    _meaning,
    "An issue changed: one of ours may have been closed by hand, reopened, edited or relabelled.",
)
