"""The event of a workflow run: the variables that GitHub Actions sets, and the event's payload, as typed values.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reassay.common.errors import UsageError

SWEEPING = frozenset({"schedule", "workflow_dispatch", "push", "issues", "repository_dispatch", "workflow_run"})
"""Events after which the whole repository, or one issue, is reconciled."""
JUDGING = frozenset({"pull_request_target", "merge_group"})
"""Events after which the merge gate publishes a verdict."""
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
    )


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
    return None if event.name in SWEEPING | JUDGING else f"'{event.name}' is not an event that reassay handles"
