"""The event of a workflow run: the variables that GitHub Actions sets, and the event's payload, as typed values.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reassay.common.errors import UsageError

SWEEPING = frozenset({"schedule", "workflow_dispatch", "push", "issues", "repository_dispatch", "workflow_run"})
"""Events after which the whole repository, or one issue, is reconciled."""
JUDGING = frozenset({"pull_request_target", "merge_group"})
"""Events after which the merge gate publishes a verdict."""
_COMMIT = re.compile(r"[0-9a-f]{40}")
OBSERVATION = "reassay-observation"
"""The `event_type` of observations that a product's workflow sends."""
LARGEST_EVENT = 25 * 1024 * 1024
"""Bytes of the largest webhook payload that GitHub sends."""


@dataclass(frozen=True, slots=True)
class WorkflowEvent:
    """The event that started a workflow run. It only narrows the sweep, which reads the repository itself."""

    name: str
    repository: str
    actor: str
    actor_id: int | None
    issue: int | None = None
    """Number of the issue, unless it is a pull request."""
    comment: str | None = None
    """Body of the comment."""
    pull: int | None = None
    """Number of the pull request."""
    group: str | None = None
    """Head commit of a group of the merge queue."""
    base: str = ""
    """Name of the branch that the group is merged into."""
    source: str | None = None
    """Id of the source of signals that a `repository_dispatch` event is for."""
    payload: Mapping[str, object] = field(default_factory=dict)
    """The payload of an event for a source."""
    observation: Mapping[str, Any] | None = None
    """The payload of a `reassay-observation` event, which nobody has checked yet."""


def read_event(environment: Mapping[str, str]) -> WorkflowEvent:
    """The event of this run. Raises UsageError outside of a workflow."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    repository = environment.get("REASSAY_REPOSITORY") or environment.get("GITHUB_REPOSITORY", "")
    if not name or not repository:
        raise UsageError(
            "this is not a workflow run.", remedy="Outside of workflows, use `reassay sweep --repo OWNER/NAME`."
        )
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    issue, comment = payload.get("issue"), payload.get("comment")
    group = payload.get("merge_group")
    on_pull = isinstance(issue, dict) and "pull_request" in issue
    pull = issue if on_pull else payload.get("pull_request")
    actor_id = environment.get("GITHUB_ACTOR_ID", "")
    source = _source(payload) if name == "repository_dispatch" else None
    return WorkflowEvent(
        name=name,
        repository=repository,
        actor=environment.get("GITHUB_ACTOR", ""),
        actor_id=int(actor_id) if actor_id.isdigit() else None,
        issue=_number(issue) if isinstance(issue, dict) and not on_pull else None,
        comment=str(comment.get("body") or "") if isinstance(comment, dict) else None,
        pull=_number(pull) if isinstance(pull, dict) else None,
        group=str(group.get("head_sha") or "") if isinstance(group, dict) else None,
        base=str(group.get("base_ref") or "").removeprefix("refs/heads/") if isinstance(group, dict) else "",
        source=source,
        payload=payload if source is not None else {},
        observation=_observation(name, payload),
    )


def _source(payload: Mapping[str, Any]) -> str | None:
    """The source that a `repository_dispatch` event names; None if it names none, as one that only starts a sweep."""
    client_payload = payload.get("client_payload")
    source = client_payload.get("source") if isinstance(client_payload, dict) else None
    return source if isinstance(source, str) else None


@dataclass(frozen=True, slots=True)
class PullRequestContent:
    """What a pull request, or a group of a merge queue, would bring to a branch."""

    commit: str
    """What would land: the merge if GitHub made one, else the head."""
    base: str
    """Name of the branch that it goes to."""
    default_branch: str
    """Default branch of the repository; empty if the event does not name it."""


def pull_request_of(environment: Mapping[str, str]) -> PullRequestContent:
    """The content that the event of this run is about. Raises UsageError."""
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    pull, group = payload.get("pull_request"), payload.get("merge_group")
    repository = payload.get("repository")
    default = str(repository.get("default_branch") or "") if isinstance(repository, dict) else ""
    if isinstance(group, dict):
        base = str(group.get("base_ref") or "").removeprefix("refs/heads/")
        return _content(str(group.get("head_sha") or ""), base, default)
    sides = pull if isinstance(pull, dict) else {}
    head, base_side = sides.get("head"), sides.get("base")
    head_commit = str(head.get("sha") or "") if isinstance(head, dict) else ""
    # On pull_request the run is of the merge; on pull_request_target it is of the base, so the head is what is looked at.
    is_merge = environment.get("GITHUB_EVENT_NAME") == "pull_request"
    commit = environment.get("GITHUB_SHA", "") if is_merge else head_commit
    return _content(
        commit or head_commit, str(base_side.get("ref") or "") if isinstance(base_side, dict) else "", default
    )


def _content(commit: str, base: str, default: str) -> PullRequestContent:
    if not _COMMIT.fullmatch(commit) or not base:
        raise UsageError("the event does not say which commit it is about.", remedy="Run it on pull_request.")
    return PullRequestContent(commit, base, default)


def _payload(path: str) -> Mapping[str, Any]:
    try:
        file = Path(path)
        if not path or file.stat().st_size > LARGEST_EVENT:
            return {}
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        # Without the payload the whole repository is reconciled, as on a schedule.
        return {}
    return data if isinstance(data, dict) else {}


def _observation(name: str, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if name != "repository_dispatch" or payload.get("action") != OBSERVATION:
        return None
    sent = payload.get("client_payload")
    return sent if isinstance(sent, dict) else {}


def _number(issue: Mapping[str, Any]) -> int | None:
    number = issue.get("number")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def why_nothing(event: WorkflowEvent) -> str | None:
    """Reason why an event needs no sweep, or None. Needs no network and no large import."""
    if event.name == "issue_comment":
        from reassay.common.command_lines import has_command_lines

        if event.comment is not None and not has_command_lines(event.comment):
            return "the comment has no command"
        return None
    if event.name == "pull_request":
        # Such a run cannot write for a fork, and runs the workflow file of the pull request.
        return "'pull_request' runs with the permissions and the files of the pull request; use 'pull_request_target'"
    if event.name == "pull_request_review":
        return (
            "'pull_request_review' runs the workflow file of the pull request; the next sweep hears commands in reviews"
        )
    return None if event.name in SWEEPING | JUDGING else f"'{event.name}' is not an event that reassay handles"
