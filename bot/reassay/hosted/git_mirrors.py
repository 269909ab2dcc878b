"""Copies of repositories on disk, by id: git's own store, used again by the next job, and made anew where it is broken."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UpstreamError
from reassay.git.git import Git

MOST_PACKS = 100
"""Each fetch adds one, and nothing refers to what is old: a copy with more is made anew."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Below one folder that nobody else may read."""

    folder: Path

    def of(self, repository: int) -> Git:
        """The copy of one repository; an empty one if there is none. Raises UpstreamError if there can be none."""
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
            # Nothing here is referred to, so there is nothing to tidy up; it only takes time.
            git.run("config", "gc.auto", "0")
            git.run("config", "maintenance.auto", "false")
        return git

    @staticmethod
    def _is_new(path: Path) -> bool:
        return not any(path.glob("objects/pack/*.pack"))

    def forget(self, repository: int) -> None:
        """Nothing of it stays."""
        shutil.rmtree(self._path(repository), ignore_errors=True)

    def kept(self) -> tuple[int, ...]:
        """Ids of the repositories there are copies of."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(int(each.stem) for each in self.folder.glob("*.git") if each.stem.isdigit()))

    def _path(self, repository: int) -> Path:
        return self.folder / f"{int(repository)}.git"
