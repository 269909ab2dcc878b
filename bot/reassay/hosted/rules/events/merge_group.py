from reassay.hosted.rules.events.base import Delivered, Meaning, Name, Payload, WebhookEvent, nothing

COMMIT_LENGTHS = frozenset({40, 64})
LONGEST_BRANCH = 255


class MergeGroup(Payload, frozen=True, kw_only=True):
    """The commit to check, and the branch it is merged into."""

    head_sha: Name = ""
    base_ref: Name = ""


class GroupEvent(Delivered, frozen=True, kw_only=True):
    """An event on a merge group."""

    merge_group: MergeGroup


def _meaning(payload: GroupEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """A group that was dissolved needs no verdict."""
    group = payload.merge_group
    if payload.action != "checks_requested":
        return nothing(f"'{payload.action}' needs no verdict")
    base = group.base_ref.removeprefix("refs/heads/")
    if len(group.head_sha) not in COMMIT_LENGTHS or group.head_sha.strip("0123456789abcdef"):
        return nothing("it names no commit")
    if not 0 < len(base) <= LONGEST_BRANCH or not base.isprintable():
        return nothing("it names no branch")
    return Meaning(group=(group.head_sha, base))


WEBHOOK_EVENT = WebhookEvent(
    "merge_group", "merge_queues", GroupEvent, _meaning, "A merge queue requests the checks of a merge group."
)
