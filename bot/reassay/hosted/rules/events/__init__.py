"""The events of GitHub that the App works on, one module each.

A new one is a file here with its WEBHOOK_EVENT, and a line in EVENTS.
"""

from collections.abc import Mapping

from reassay.hosted.rules.events import (
    check_run,
    check_suite,
    installation,
    installation_repositories,
    installation_target,
    issue_comment,
    issues,
    merge_group,
    ping,
    pull_request,
    pull_request_review,
    push,
    repository,
)
from reassay.hosted.rules.events.base import Delivered, WebhookEvent

EVENTS: tuple[WebhookEvent[Delivered], ...] = (
    check_run.WEBHOOK_EVENT,
    check_suite.WEBHOOK_EVENT,
    installation.WEBHOOK_EVENT,
    installation_repositories.WEBHOOK_EVENT,
    installation_target.WEBHOOK_EVENT,
    issue_comment.WEBHOOK_EVENT,
    issues.WEBHOOK_EVENT,
    merge_group.WEBHOOK_EVENT,
    ping.WEBHOOK_EVENT,
    pull_request.WEBHOOK_EVENT,
    pull_request_review.WEBHOOK_EVENT,
    push.WEBHOOK_EVENT,
    repository.WEBHOOK_EVENT,
)


def subscribed() -> Mapping[str, str]:
    """Events that an App has to ask for, with the permission that each needs."""
    return {event.name: event.permission for event in EVENTS if event.permission is not None}
