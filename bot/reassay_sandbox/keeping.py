"""What workflows and maintainers put beside git: artifacts of runs, and assets of releases."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay_sandbox.files import ReleaseAsset, SandboxArtifact, SandboxRelease, archive_of
from reassay_sandbox.sandbox_repository import SandboxRepository


@dataclass(frozen=True, slots=True)
class SandboxFiles:
    """Files of one repository besides git."""

    repository: SandboxRepository

    def upload_artifact(self, run: int, name: str, files: Mapping[str, bytes], *, fork: bool = False) -> int:
        """As a workflow's run does, and its id; `fork`: the run was of a pull request of a fork."""
        return self.upload_archive(run, name, archive_of(files), fork=fork)

    def upload_archive(self, run: int, name: str, archive: bytes, *, fork: bool = False) -> int:
        """The same with any bytes as the archive."""
        dispatcher, repo = self.repository.dispatcher, self.repository._repo()  # noqa: SLF001 -- the same thing's other half
        with dispatcher.lock:
            number = dispatcher.store.next_id()
            commit = repo.git.head("main") or "0" * 40
            now = dispatcher.clock.now()
            kept = SandboxArtifact(number, name, run, archive, now, commit, 1 if fork else repo.id)
            repo.storage.artifacts.append(kept)
        return number

    def expire_artifacts(self) -> None:
        """As when somebody deletes them, or their time is over."""
        with self.repository.dispatcher.lock:
            for artifact in self.repository._repo().storage.artifacts:  # noqa: SLF001 -- same
                artifact.is_deleted = True

    def publish_release(self, tag: str, files: Mapping[str, bytes]) -> None:
        """A release with its assets."""
        dispatcher, repo = self.repository.dispatcher, self.repository._repo()  # noqa: SLF001 -- same
        with dispatcher.lock:
            assets = [ReleaseAsset(dispatcher.store.next_id(), name, content) for name, content in files.items()]
            number = dispatcher.store.next_id()
            repo.storage.releases.append(SandboxRelease(number, tag, dispatcher.clock.now(), assets))
