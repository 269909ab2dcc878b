"""Workflows of a repository: whether each is switched on, when its schedule last started it, and the last push to a branch.

https://docs.github.com/en/rest/actions/workflows, https://docs.github.com/en/rest/actions/workflow-runs,
https://docs.github.com/en/rest/repos/repos#list-repository-activities
"""

from dataclasses import dataclass
from datetime import datetime

from reassay.common.errors import NotAllowedError, NotFoundError
from reassay.github.client import Client
from reassay.github.mapping import instant
from reassay.github.odd_answers import reads

ACTIVE = "active"
"""GitHub's word for a workflow that is switched on."""


@dataclass(frozen=True, slots=True)
class WorkflowState:
    """A workflow as GitHub lists it."""

    id: int
    path: str
    """Path of its file."""
    state: str
    """`active`, `disabled_inactivity`, `disabled_manually`, `disabled_fork` or `deleted`."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WorkflowSchedules:
    """Reader of the workflows of one repository. Each question is one request; those about workflows take `actions: read`."""

    client: Client
    full_name: str

    @reads
    def workflows(self) -> tuple[WorkflowState, ...] | None:
        """The workflows, at most a hundred; None if the token may not read them."""
        try:
            page = self.client.read(f"/repos/{self.full_name}/actions/workflows", {"per_page": 100})
        except (NotAllowedError, NotFoundError):
            return None
        return tuple(
            WorkflowState(int(row["id"]), str(row["path"]), str(row["state"]), instant(str(row["created_at"])))
            for row in page["workflows"]
        )

    @reads
    def last_scheduled_run(self, workflow: int) -> datetime | None:
        """When the newest run began that the schedule of a workflow started; None without one. GitHub keeps runs for a time."""
        parameters = {"event": "schedule", "per_page": 1}
        page = self.client.read(f"/repos/{self.full_name}/actions/workflows/{workflow}/runs", parameters)
        return next((instant(str(run["created_at"])) for run in page["workflow_runs"]), None)

    @reads
    def last_push(self, branch: str) -> datetime | None:
        """When somebody last pushed to a branch; None if GitHub lists no push, or the token may not read them."""
        parameters = {"ref": f"refs/heads/{branch}", "per_page": 1}
        try:
            pushes, _ = self.client.page(f"/repos/{self.full_name}/activity", parameters)
        except (NotAllowedError, NotFoundError):
            return None
        return next((instant(str(push["timestamp"])) for push in pushes), None)
