"""The events of GitHub that the App uses: a model of the payload, its meaning, and a row in EVENTS for each.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Mapping

from reassay.common.command_lines import has_command_lines
from reassay.github.app_types import BUTTON_IDENTIFIER
from reassay.hosted.rules.webhook_event import (
    LEDGER_REF,
    OURS,
    Delivered,
    Meaning,
    Name,
    Number,
    Payload,
    PullRef,
    WebhookEvent,
    nothing,
    pulls_or_whole,
)


class ListedPulls(Payload, frozen=True, kw_only=True):
    """The pull requests of a check run or a check suite. GitHub lists those of the same repository only."""

    pull_requests: tuple[PullRef, ...] = ()


class RequestedAction(Payload, frozen=True, kw_only=True):
    """The button of a check run that was pressed."""

    identifier: Name = ""


class RunEvent(Delivered, frozen=True, kw_only=True):
    """An event on a check run."""

    check_run: ListedPulls
    requested_action: RequestedAction | None = None


def _check_run(payload: RunEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Ignores `created` and `completed`, which only reassay itself causes."""
    pressed = payload.requested_action is not None and payload.requested_action.identifier == BUTTON_IDENTIFIER
    if payload.action != "rerequested" and not (payload.action == "requested_action" and pressed):
        return nothing(f"'{payload.action}' needs no job")
    return pulls_or_whole(payload.check_run.pull_requests)


CHECK_RUN = WebhookEvent(
    "check_run",
    "checks",
    RunEvent,
    _check_run,
    "The button under our check run was pressed, or a re-run was requested.",
)


class SuiteEvent(Delivered, frozen=True, kw_only=True):
    """An event on a check suite."""

    check_suite: ListedPulls


def _check_suite(payload: SuiteEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Uses re-runs only, since a push has its own event."""
    if payload.action != "rerequested":
        return nothing(f"'{payload.action}' needs no job")
    return pulls_or_whole(payload.check_suite.pull_requests)


CHECK_SUITE = WebhookEvent(
    "check_suite", "checks", SuiteEvent, _check_suite, "A re-run of all checks of a commit was requested."
)


def _refresh(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories; new ones are swept at once."""
    return Meaning(refresh=True)


INSTALLATION = WebhookEvent(
    "installation",
    None,
    Delivered,
    _refresh,
    "The App was installed, uninstalled or suspended, or its permissions changed.",
)
INSTALLATION_REPOSITORIES = WebhookEvent(
    "installation_repositories",
    None,
    Delivered,
    _refresh,
    "Repositories were added to an installation, or removed.",
)
INSTALLATION_TARGET = WebhookEvent(
    "installation_target", None, Delivered, _refresh, "The account that the App is installed on was renamed."
)


class CommentText(Payload, frozen=True, kw_only=True):
    """The text of a comment."""

    body: str | None = None


class PullLink(Payload, frozen=True, kw_only=True):
    """Present on an issue that is a pull request; its fields are not used."""


class CommentedIssue(Payload, frozen=True, kw_only=True):
    """The issue or pull request that the comment is on."""

    number: Number
    pull_request: PullLink | None = None


class CommentEvent(Delivered, frozen=True, kw_only=True):
    """An event on a comment."""

    issue: CommentedIssue
    comment: CommentText


def _issue_comment(payload: CommentEvent, *, own: bool) -> Meaning:
    """Uses new comments with a command only, since a command in an edited comment has no effect."""
    if own:
        return nothing("caused by the App itself")
    if payload.action != "created":
        return nothing("not a new comment")
    if not has_command_lines(payload.comment.body or ""):
        return nothing("the comment contains no command")
    number = payload.issue.number
    return Meaning(pulls=(number,)) if payload.issue.pull_request is not None else Meaning(issues=(number,))


ISSUE_COMMENT = WebhookEvent(
    "issue_comment", "issues", CommentEvent, _issue_comment, "A comment was written: it may hold a command."
)


_ISSUE_ACTIONS = frozenset(
    {"closed", "reopened", "edited", "deleted", "transferred", "labeled", "unlabeled", "unassigned"}
)


class ChangedIssue(Payload, frozen=True, kw_only=True):
    """The issue after the change."""

    number: Number
    body: str | None = None


class IssueEvent(Delivered, frozen=True, kw_only=True):
    """An event on an issue."""

    issue: ChangedIssue


def _issues(payload: IssueEvent, *, own: bool) -> Meaning:
    """Ignores changes that the App itself made, and issues without our marker but for their labels."""
    if own:
        return nothing("caused by the App itself")
    if payload.action not in _ISSUE_ACTIONS:
        return nothing(f"'{payload.action}' does not concern the bot's issues")
    if payload.action == "labeled" and OURS not in (payload.issue.body or ""):
        # The label may be that of a source of signals, whose incidents go out at once.
        return Meaning(whole=True)
    # An edit may have removed our marker.
    if OURS not in (payload.issue.body or "") and payload.action != "edited":
        return nothing("not an issue of the bot")
    return Meaning(issues=(payload.issue.number,))


ISSUES = WebhookEvent(
    "issues",
    "issues",
    IssueEvent,
    _issues,
    "An issue changed: one of ours may have been closed by hand, reopened or edited; a label may make another an incident.",
)


_COMMIT_LENGTHS = frozenset({40, 64})
_LONGEST_BRANCH = 255


class MergeGroup(Payload, frozen=True, kw_only=True):
    """The commit to check, and the branch it is merged into."""

    head_sha: Name = ""
    base_ref: Name = ""


class GroupEvent(Delivered, frozen=True, kw_only=True):
    """An event on a merge group."""

    merge_group: MergeGroup


def _merge_group(payload: GroupEvent, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Ignores groups that were dissolved."""
    group = payload.merge_group
    if payload.action != "checks_requested":
        return nothing(f"'{payload.action}' needs no verdict")
    base = group.base_ref.removeprefix("refs/heads/")
    if len(group.head_sha) not in _COMMIT_LENGTHS or group.head_sha.strip("0123456789abcdef"):
        return nothing("invalid commit id")
    if not 0 < len(base) <= _LONGEST_BRANCH or not base.isprintable():
        return nothing("invalid branch name")
    return Meaning(group=(group.head_sha, base))


MERGE_GROUP = WebhookEvent(
    "merge_group", "merge_queues", GroupEvent, _merge_group, "A merge queue requests the checks of a merge group."
)


def _ping(_payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Ignores every ping."""
    return nothing("a ping")


PING = WebhookEvent("ping", None, Delivered, _ping, "GitHub tests the webhook's address.")


_PULL_ACTIONS = frozenset(
    {"opened", "synchronize", "reopened", "edited", "ready_for_review", "converted_to_draft", "closed", "enqueued", "dequeued"}
)  # fmt: skip


class PullEvent(Delivered, frozen=True, kw_only=True):
    """An event on a pull request."""

    pull_request: PullRef


def _pull_request(payload: PullEvent, *, own: bool) -> Meaning:
    """Ignores pull requests that the App itself opened or edited."""
    if own and payload.action != "closed":
        return nothing("caused by the App itself")
    if payload.action not in _PULL_ACTIONS:
        return nothing(f"'{payload.action}' changes no verdict")
    # A merge changes the register, so the whole repository is swept.
    return Meaning(pulls=(payload.pull_request.number,), whole=payload.action == "closed")


PULL_REQUEST = WebhookEvent(
    "pull_request",
    "pull_requests",
    PullEvent,
    _pull_request,
    "A pull request, its head or its base may have changed.",
)


class ReviewEvent(Delivered, frozen=True, kw_only=True):
    """An event on a review."""

    pull_request: PullRef


def _pull_request_review(payload: ReviewEvent, *, own: bool) -> Meaning:
    """Ignores edits of a review: they change no verdict."""
    if own or payload.action not in {"submitted", "dismissed"}:
        return nothing(f"'{payload.action}' changes no verdict")
    return Meaning(pulls=(payload.pull_request.number,))


PULL_REQUEST_REVIEW = WebhookEvent(
    "pull_request_review",
    "pull_requests",
    ReviewEvent,
    _pull_request_review,
    "A review was submitted or dismissed: its text may hold a command, and an approving one can count as a sign-off.",
)


class PushEvent(Delivered, frozen=True, kw_only=True):
    """A push to a branch or a tag."""

    ref: Name = ""
    created: bool = False
    deleted: bool = False


def _push(payload: PushEvent, *, own: bool) -> Meaning:
    """Ignores new branches: no pull request has such a base yet, and a new head has its own event."""
    if own:
        return nothing("caused by the App itself")
    if not payload.ref.startswith("refs/heads/"):
        return nothing("not a branch")
    default = payload.repository.default_branch if payload.repository else ""
    if payload.created and payload.ref not in {f"refs/heads/{default}", LEDGER_REF}:
        return nothing("a new branch")
    return Meaning(whole=True)


PUSH = WebhookEvent(
    "push",
    "contents",
    PushEvent,
    _push,
    "A branch moved: the register, the base of a pull request or the ledger may have changed.",
)


_REPOSITORY_ACTIONS = frozenset(
    {"renamed", "transferred", "deleted", "privatized", "publicized", "archived", "unarchived", "edited"}
)


def _repository(payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    """Refreshes the list of repositories, and sweeps the repository unless it was deleted or transferred."""
    if payload.action not in _REPOSITORY_ACTIONS:
        return nothing(f"'{payload.action}' needs no job")
    return Meaning(refresh=True, whole=payload.action not in {"deleted", "transferred"})


REPOSITORY = WebhookEvent(
    "repository",
    "metadata",
    Delivered,
    _repository,
    "A repository was renamed, transferred or deleted, or its visibility changed.",
)


EVENTS: tuple[WebhookEvent[Delivered], ...] = (
    CHECK_RUN,
    CHECK_SUITE,
    INSTALLATION,
    INSTALLATION_REPOSITORIES,
    INSTALLATION_TARGET,
    ISSUE_COMMENT,
    ISSUES,
    MERGE_GROUP,
    PING,
    PULL_REQUEST,
    PULL_REQUEST_REVIEW,
    PUSH,
    REPOSITORY,
)
"""In alphabetical order. The App's manifest and the reference list them."""


def subscribed() -> Mapping[str, str]:
    """Names of the events that an App has to subscribe to, with the permission that each needs."""
    return {event.name: event.permission for event in EVENTS if event.permission is not None}
