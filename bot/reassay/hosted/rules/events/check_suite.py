from reassay.hosted.rules.events.base import Delivered, Meaning, Payload, PullRef, WebhookEvent, nothing, pulls_or_whole


class SuitePulls(Payload, frozen=True, kw_only=True):
    """The check suite; GitHub lists pull requests of the same repository only."""

    pull_requests: tuple[PullRef, ...] = ()


class SuiteEvent(Delivered, frozen=True, kw_only=True):
    """An event on a check suite."""

    check_suite: SuitePulls


def _meaning(payload: SuiteEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Only re-runs: a push has its own event."""
    if payload.action != "rerequested":
        return nothing(f"'{payload.action}' asks for nothing")
    return pulls_or_whole(payload.check_suite.pull_requests)


WEBHOOK_EVENT = WebhookEvent(
    "check_suite", "checks", SuiteEvent, _meaning, "A re-run of all checks of a commit was requested."
)
