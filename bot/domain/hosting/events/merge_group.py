"""A merge queue asks for the verdict of a group."""

from bot.domain.hosting.events.base import Delivered, Meaning, Name, Payload, nothing

EVENT, PERMISSION = "merge_group", "merge_queues"
COMMIT_LENGTHS = frozenset({40, 64})


class Group(Payload):
    """The commit to judge, and the branch it is merged into."""

    head_sha: Name = ""
    base_ref: Name = ""


class GroupEvent(Delivered):
    """What happened to it."""

    merge_group: Group


MODEL = GroupEvent


def meaning(payload: GroupEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """A group that is gone needs no verdict."""
    group = payload.merge_group
    if payload.action != "checks_requested":
        return nothing(f"'{payload.action}' needs no verdict")
    if len(group.head_sha) not in COMMIT_LENGTHS or group.head_sha.strip("0123456789abcdef") or not group.base_ref:
        return nothing("it names no commit")
    return Meaning(group=(group.head_sha, group.base_ref.removeprefix("refs/heads/")))
