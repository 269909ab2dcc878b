from reassay.hosted.rules.events.base import Delivered, Meaning, Payload, PullRef, WebhookEvent, nothing, pulls_or_whole


class Suite(Payload, frozen=True, kw_only=True):
    """GitHub names the pull requests of the same repository."""

    pull_requests: tuple[PullRef, ...] = ()


class SuiteEvent(Delivered, frozen=True, kw_only=True):
    """What happened to it."""

    check_suite: Suite


def _meaning(payload: SuiteEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """A push comes as an event of its own."""
    if payload.action != "rerequested":
        return nothing(f"'{payload.action}' asks for nothing")
    return pulls_or_whole(payload.check_suite.pull_requests)


WEBHOOK_EVENT = WebhookEvent(
    "check_suite", "checks", SuiteEvent, _meaning, "Somebody asked to run all checks of a commit again."
)
