from reassay.github.app_types import BUTTON_IDENTIFIER
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


class RunPulls(Payload, frozen=True, kw_only=True):
    """The check run; GitHub lists pull requests of the same repository only."""

    pull_requests: tuple[PullRef, ...] = ()


class RequestedAction(Payload, frozen=True, kw_only=True):
    """The button that was pressed."""

    identifier: Name = ""


class RunEvent(Delivered, frozen=True, kw_only=True):
    """An event on a check run."""

    check_run: RunPulls
    requested_action: RequestedAction | None = None


def _meaning(payload: RunEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """`created` and `completed` are ignored: only reassay itself causes them."""
    pressed = payload.requested_action is not None and payload.requested_action.identifier == BUTTON_IDENTIFIER
    if payload.action != "rerequested" and not (payload.action == "requested_action" and pressed):
        return nothing(f"'{payload.action}' asks for nothing")
    return pulls_or_whole(payload.check_run.pull_requests)


WEBHOOK_EVENT = WebhookEvent(
    "check_run", "checks", RunEvent, _meaning, "The button under our check run was pressed, or a re-run was requested."
)
