"""Somebody asked to run all checks of a commit again."""

from reassay.hosted.rules.events.base import Delivered, Meaning, Payload, PullRef, nothing, pulls_or_whole

EVENT, PERMISSION = "check_suite", "checks"


class Suite(Payload, frozen=True, kw_only=True):
    """GitHub names the pull requests of the same repository."""

    pull_requests: tuple[PullRef, ...] = ()


class SuiteEvent(Delivered, frozen=True, kw_only=True):
    """What happened to it."""

    check_suite: Suite


MODEL = SuiteEvent


def meaning(payload: SuiteEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """A push comes as an event of its own."""
    if payload.action != "rerequested":
        return nothing(f"'{payload.action}' asks for nothing")
    return pulls_or_whole(payload.check_suite.pull_requests)
