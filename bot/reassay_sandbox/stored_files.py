"""Files of a repository besides git: artifacts of workflow runs, and assets of releases."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.files import ReleaseAsset, SandboxArtifact, SandboxRelease, archive_of
from reassay_sandbox.sandbox_repository import SandboxRepository
from reassay_sandbox.state import Repo


@dataclass(frozen=True, slots=True)
class SandboxFiles:
    """Files of one repository besides git."""

    repository: SandboxRepository

    def upload_artifact(self, run: int, name: str, files: Mapping[str, bytes], *, fork: bool = False) -> int:
        """A workflow run uploads an artifact; its id. `fork`: it ran the code of another repository."""
        return self.upload_archive(run, name, archive_of(files), fork=fork)

    def upload_archive(self, run: int, name: str, archive: bytes, *, fork: bool = False) -> int:
        """The same with any bytes as the archive. A run that the sandbox did not start ran at the tip of `main`."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            number, now = dispatcher.store.next_id(), dispatcher.clock.now()
            commit = repo.runs[run].commit if run in repo.runs else repo.git.head("main") or "0" * 40
            head_repository = 1 if fork else repo.id
            repo.storage.artifacts.append(SandboxArtifact(number, name, run, archive, now, commit, head_repository))
        return number

    def delete_artifact(self, number: int) -> None:
        """Somebody with write access deletes an artifact."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            repo.storage.artifacts[:] = [own for own in repo.storage.artifacts if own.id != number]

    def expire_artifacts(self) -> None:
        """The retention time of all artifacts is over."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            for artifact in repo.storage.artifacts:
                artifact.is_deleted = True

    def publish_release(self, tag: str, files: Mapping[str, bytes]) -> None:
        """Somebody publishes a release with its assets."""
        dispatcher, repo = self._both()
        with dispatcher.lock:
            assets = [ReleaseAsset(dispatcher.store.next_id(), name, content) for name, content in files.items()]
            number = dispatcher.store.next_id()
            repo.storage.releases.append(SandboxRelease(number, tag, dispatcher.clock.now(), assets))

    def _both(self) -> tuple[RequestDispatcher, Repo]:
        return self.repository.dispatcher, self.repository._repo()  # noqa: SLF001 -- the same thing's other half
