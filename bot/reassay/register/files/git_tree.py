"""The files of a commit, read through git and never checked out: a head from a fork is data only."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reassay.git.git import Git, TreeEntry
from reassay.register.files.tree import File, Mode, is_wanted
from reassay.register.limits import MAX_FILE_BYTES

_SYMLINK, _SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class GitTree:
    """Satisfies `register_files.tree.Tree` for one commit or tree."""

    git: Git
    commit: str
    blobs: dict[str, bytes] = field(default_factory=dict)
    """Contents by object id, as far as they were read; two trees that share it read each blob once."""

    def read(self, path: str) -> File | None:
        """The file at `path`, or None."""
        entry = self.git.find(self.commit, path)
        if entry is None:
            return None
        self.load([entry])
        return self._file(entry)

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, in one process for all contents; folders that begin with a dot are passed over."""
        entries = self.entries(folder)
        self.load(entries)
        return self.files(entries)

    def entries(self, folder: str) -> Iterable[TreeEntry]:
        """What the commit lists below `folder`, without contents."""
        prefix = folder.rstrip("/") + "/"
        return [entry for entry in self.git.list(self.commit, folder) if not _is_hidden(entry.path, prefix)]

    def load(self, entries: Iterable[TreeEntry]) -> None:
        """Reads the contents of what is read of these, in one process."""
        wanted = [entry.oid for entry in entries if _is_read(entry) and entry.oid not in self.blobs]
        self.blobs.update(self.git.read(wanted))

    def files(self, entries: Iterable[TreeEntry]) -> Iterable[File]:
        """The files themselves, of entries whose contents were loaded."""
        return [self._file(entry) for entry in entries]

    def _file(self, entry: TreeEntry) -> File:
        if entry.mode == _SUBMODULE:
            return File(entry.path, None, Mode.OTHER)
        mode = Mode.SYMLINK if entry.mode == _SYMLINK else Mode.FILE
        data = self.blobs.get(entry.oid) if _is_read(entry) else None
        return File(entry.path, data, mode, entry.size, entry.oid)


def _is_read(entry: TreeEntry) -> bool:
    if entry.mode == _SYMLINK:
        return entry.size <= MAX_FILE_BYTES
    return entry.mode != _SUBMODULE and is_wanted(entry.path) and entry.size <= MAX_FILE_BYTES


def _is_hidden(path: str, prefix: str) -> bool:
    return any(part.startswith(".") for part in path.removeprefix(prefix).split("/")[:-1])
