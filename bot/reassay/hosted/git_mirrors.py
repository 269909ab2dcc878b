"""Bare git mirrors of repositories on disk, by repository id. A broken mirror is created again."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UpstreamError
from reassay.git.git import Git

MOST_PACKS = 100
"""Each fetch adds a pack, and old objects are never referenced: a mirror with more packs is created again."""


@dataclass(frozen=True, slots=True)
class GitMirrors:
    """Mirrors in one folder that only its owner may read."""

    folder: Path

    def of(self, repository: int) -> Git:
        """The mirror of one repository; it is empty if it is new. Raises UpstreamError if it cannot be created."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(repository)
        if path.exists() and sum(1 for _ in path.glob("objects/pack/*.pack")) > MOST_PACKS:
            self.forget(repository)
        try:
            git = Git.new(path)
            git.run("rev-parse", "--git-dir")
        except UpstreamError:
            self.forget(repository)
            git = Git.new(path)
        if self._is_new(path):
            # Nothing in a mirror is referenced, so garbage collection would only take time.
            git.run("config", "gc.auto", "0")
            git.run("config", "maintenance.auto", "false")
        return git

    @staticmethod
    def _is_new(path: Path) -> bool:
        return not any(path.glob("objects/pack/*.pack"))

    def forget(self, repository: int) -> None:
        """Deletes the mirror of one repository."""
        shutil.rmtree(self._path(repository), ignore_errors=True)

    def ids(self) -> tuple[int, ...]:
        """Ids of the repositories that have a mirror."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(int(path.stem) for path in self.folder.glob("*.git") if path.stem.isdigit()))

    def _path(self, repository: int) -> Path:
        return self.folder / f"{int(repository)}.git"
