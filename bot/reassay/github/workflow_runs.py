"""Workflow runs, and the artifacts by which evaluation runs register themselves and hand over their results.

Which run an artifact is of, and of which commit that run was, are facts of GitHub's: no workflow can upload for another one.
https://docs.github.com/en/rest/actions/artifacts, https://docs.github.com/en/rest/actions/workflow-runs
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reassay.common.errors import NotFoundError
from reassay.github.client import Client
from reassay.github.download import download
from reassay.github.mapping import instant
from reassay.github.odd_answers import reads

PREFIXES = ("reassay-run-", "reassay-result-")
"""How the names of our artifacts begin."""
LARGEST_ARTIFACT = 20_000_000
"""Bytes of an archive; larger ones are not downloaded."""
MOST_PAGES = 10
"""Pages of a hundred artifacts that one run looks through."""


@dataclass(frozen=True, slots=True)
class RunArtifact:
    """An artifact of a workflow run, as GitHub lists it."""

    id: int
    name: str
    workflow_run: int
    """Number of the workflow run that uploaded it."""
    commit: str
    """Commit of that run."""
    is_of_fork: bool
    """Whether the code of another repository ran."""
    size: int
    """Bytes of the archive."""
    is_expired: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A workflow run, as of its latest attempt."""

    id: int
    attempt: int
    path: str
    """Path of the workflow's file."""
    branch: str
    """Branch or tag that it ran for."""
    commit: str
    event: str
    is_completed: bool
    conclusion: str
    """GitHub's word for how it ended; empty while it has not."""


@dataclass(frozen=True, slots=True)
class WorkflowRuns:
    """Reader of the workflow runs of one repository. Each question is one request; it takes `actions: read`."""

    client: Client
    full_name: str

    @reads
    def artifacts(self, since: datetime, recorded: Collection[int]) -> tuple[tuple[RunArtifact, ...], bool]:
        """Artifacts with one of our prefixes that were created since an instant, oldest first; without those that are recorded.

        And whether that is all of them: GitHub lists the artifacts of a repository newest first, a hundred a request.
        """
        own: list[RunArtifact] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self.client.read(f"/repos/{self.full_name}/actions/artifacts", {"per_page": 100, "page": page})
            rows = [_artifact(row) for row in answer["artifacts"]]
            own += [row for row in rows if row.name.startswith(PREFIXES) and row.id not in recorded]
            if len(rows) < 100 or all(row.created_at < since for row in rows):  # noqa: PLR2004 -- a whole page
                return tuple(sorted((row for row in own if row.created_at >= since), key=_by_time)), True
        return tuple(sorted(own, key=_by_time)), False

    @reads
    def find(self, number: int) -> WorkflowRun | None:
        """A workflow run; None if it was deleted."""
        try:
            return _run(self.client.read(f"/repos/{self.full_name}/actions/runs/{number}"))
        except NotFoundError:
            return None

    @reads
    def is_on(self, commit: str, branch_commit: str) -> bool:
        """Whether a branch with this tip contains a commit."""
        if commit == branch_commit:
            return True
        try:
            answer = self.client.read(f"/repos/{self.full_name}/compare/{commit}...{branch_commit}", {"per_page": 1})
        except NotFoundError:
            return False
        return str(answer["status"]) in {"ahead", "identical"}

    def content(self, artifact: RunArtifact) -> bytes:
        """The archive of an artifact: one request, and the storage's. Raises NotFoundError if it is there no longer."""
        with TemporaryDirectory(prefix="reassay-", ignore_cleanup_errors=True) as folder:
            target = Path(folder) / "archive"
            path = f"/repos/{self.full_name}/actions/artifacts/{artifact.id}/zip"
            download(self.client, path, target, LARGEST_ARTIFACT)
            return target.read_bytes()


def _by_time(artifact: RunArtifact) -> tuple[datetime, int]:
    return artifact.created_at, artifact.id


def _artifact(row: Mapping[str, Any]) -> RunArtifact:
    origin: Mapping[str, Any] = row["workflow_run"] or {}
    return RunArtifact(
        id=int(row["id"]),
        name=str(row["name"]),
        workflow_run=int(origin.get("id") or 0),
        commit=str(origin.get("head_sha") or ""),
        is_of_fork=origin.get("head_repository_id") != origin.get("repository_id"),
        size=int(row["size_in_bytes"]),
        is_expired=bool(row["expired"]),
        created_at=instant(str(row["created_at"])),
    )


def _run(row: Mapping[str, Any]) -> WorkflowRun:
    return WorkflowRun(
        id=int(row["id"]),
        attempt=int(row["run_attempt"]),
        path=str(row["path"]).partition("@")[0],
        branch=str(row["head_branch"] or ""),
        commit=str(row["head_sha"]),
        event=str(row["event"]),
        is_completed=row["status"] == "completed",
        conclusion=str(row["conclusion"] or ""),
    )
