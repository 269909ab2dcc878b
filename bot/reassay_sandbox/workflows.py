"""Workflow runs: what GitHub keeps of each, and what people and runners do to them."""

from dataclasses import dataclass
from datetime import datetime

from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.sandbox_repository import SandboxRepository
from reassay_sandbox.state import Repo, SandboxRun


@dataclass(frozen=True, slots=True)
class SandboxWorkflows:
    """Runs of the workflows of one repository."""

    repository: SandboxRepository

    def start(
        self,
        path: str = ".github/workflows/evaluate.yml",
        *,
        branch: str = "main",
        event: str = "schedule",
        number: int | None = None,
        at: datetime | None = None,
    ) -> int:
        """A run begins at the tip of a branch, now or at an instant; its number."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            own = number or dispatcher.store.next_id()
            commit, now = repo.git.head(branch) or "0" * 40, at or dispatcher.clock.now()
            repo.runs[own] = SandboxRun(own, 1, path, branch, commit, event, "in_progress", None, now, now)
        return own

    def finish(self, number: int, conclusion: str = "success") -> None:
        """The run ends: success, failure or cancelled."""
        self._change(number, "completed", conclusion)

    def switch(self, path: str, state: str) -> None:
        """GitHub or a person switches a workflow off (`disabled_inactivity`, `disabled_manually`) or on (`active`)."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            repo.workflow_states[path] = state

    def start_again(self, number: int) -> None:
        """Somebody presses `Re-run`: another attempt of the same run."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            repo.runs[number].attempt += 1
        self._change(number, "in_progress", None)

    def delete(self, number: int) -> None:
        """Somebody with write access deletes the run, and with it its artifacts."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            del repo.runs[number]
            repo.storage.artifacts[:] = [own for own in repo.storage.artifacts if own.run != number]

    def _change(self, number: int, status: str, conclusion: str | None) -> None:
        dispatcher, repo = self._both()
        with dispatcher.lock:
            run = repo.runs[number]
            run.status, run.conclusion, run.updated_at = status, conclusion, dispatcher.clock.now()

    def _both(self) -> tuple[RequestDispatcher, Repo]:
        return self.repository.dispatcher, self.repository._repo()  # noqa: SLF001 -- the same thing's other half
