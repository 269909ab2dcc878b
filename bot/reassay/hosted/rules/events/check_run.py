from reassay.hosted.rules.button import RE_EVALUATE
from reassay.hosted.rules.events.base import (
    Delivered,
    Meaning,
    Name,
    Payload,
    PullRef,
    WebhookEvent,
    nothing,
    pulls_or_whole,
)


class Run(Payload, frozen=True, kw_only=True):
    """GitHub names the pull requests of the same repository."""

    pull_requests: tuple[PullRef, ...] = ()


class Requested(Payload, frozen=True, kw_only=True):
    """The button."""

    identifier: Name = ""


class RunEvent(Delivered, frozen=True, kw_only=True):
    """What happened to it."""

    check_run: Run
    requested_action: Requested | None = None


def _meaning(payload: RunEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Created and completed are our own doing."""
    pressed = payload.requested_action is not None and payload.requested_action.identifier == RE_EVALUATE
    if payload.action != "rerequested" and not (payload.action == "requested_action" and pressed):
        return nothing(f"'{payload.action}' asks for nothing")
    return pulls_or_whole(payload.check_run.pull_requests)


WEBHOOK_EVENT = WebhookEvent(
    "check_run", "checks", RunEvent, _meaning, "Somebody pressed the button under our check, or asked to run it again."
)
