"""The files of a git commit, read without a checkout."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reassay.git.git import SUBMODULE, SYMLINK, Git
from reassay.git.listings import TreeEntry
from reassay.register.files.tree import File, Mode, is_wanted
from reassay.register.limits import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class GitTree:
    """A Tree of one git commit or tree."""

    git: Git
    commit: str
    blobs: dict[str, bytes] = field(default_factory=dict)
    """Contents read so far, by object id; trees may share it."""

    def read(self, path: str) -> File | None:
        """The file at `path`; None if there is none."""
        entry = self.git.find(self.commit, path)
        if entry is None:
            return None
        self.load([entry])
        return self._file(entry)

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, read in one process; folders that begin with a dot are skipped."""
        entries = self.entries(folder)
        self.load(entries)
        return self.files(entries)

    def entries(self, folder: str) -> Iterable[TreeEntry]:
        """The entries of the commit below `folder`, without contents."""
        prefix = folder.rstrip("/") + "/"
        below = (entry for entry in self.git.list(self.commit, folder) if entry.path.startswith(prefix))
        return [entry for entry in below if not is_hidden(entry.path, prefix)]

    def load(self, entries: Iterable[TreeEntry]) -> None:
        """Reads the contents of those entries that may hold objects, in one process."""
        wanted = [entry.oid for entry in entries if _is_read(entry) and entry.oid not in self.blobs]
        self.blobs.update(self.git.read(wanted))

    def files(self, entries: Iterable[TreeEntry]) -> Iterable[File]:
        """The files of entries whose contents are loaded."""
        return [self._file(entry) for entry in entries]

    def _file(self, entry: TreeEntry) -> File:
        if entry.mode == SUBMODULE:
            return File(entry.path, None, Mode.OTHER)
        mode = Mode.SYMLINK if entry.mode == SYMLINK else Mode.FILE
        data = self.blobs.get(entry.oid) if _is_read(entry) else None
        return File(entry.path, data, mode, entry.size, entry.oid)


def _is_read(entry: TreeEntry) -> bool:
    if entry.mode == SYMLINK:
        return entry.size <= MAX_FILE_BYTES
    return entry.mode != SUBMODULE and is_wanted(entry.path) and entry.size <= MAX_FILE_BYTES


def is_hidden(path: str, prefix: str) -> bool:
    """Whether a file below `prefix` is in a folder that begins with a dot."""
    return any(part.startswith(".") for part in path.removeprefix(prefix).split("/")[:-1])
