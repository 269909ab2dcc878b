"""The files of a commit, read through git and never checked out: a head from a fork is data only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.adapters.git import Git, TreeEntry
from bot.adapters.register_files.tree import MAX_FILE_BYTES, File, Mode, is_wanted

_SYMLINK, _SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class GitTree:
    """Satisfies `register_files.tree.Tree` for one commit."""

    git: Git
    commit: str
    known: dict[TreeEntry, File] = field(default_factory=dict)
    """Files that were read already; two trees that share it read each of them once."""

    def read(self, path: str) -> File | None:
        """The file at `path`, or None."""
        entry = self.git.find(self.commit, path)
        return self._files([entry])[0] if entry else None

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, in one process for all contents; folders that begin with a dot are passed over."""
        prefix = folder.rstrip("/") + "/"
        entries = self.git.list(self.commit, folder)
        return self._files([each for each in entries if "/." not in each.path or not _is_hidden(each.path, prefix)])

    def _files(self, entries: Sequence[TreeEntry]) -> Sequence[File]:
        new = [entry for entry in entries if entry not in self.known]
        contents = self.git.read(entry.oid for entry in new if _is_read(entry))
        self.known.update((entry, _file(entry, contents.get(entry.oid))) for entry in new)
        return [self.known[entry] for entry in entries]


def _is_read(entry: TreeEntry) -> bool:
    if entry.mode == _SYMLINK:
        return entry.size <= MAX_FILE_BYTES
    return entry.mode != _SUBMODULE and is_wanted(entry.path) and entry.size <= MAX_FILE_BYTES


def _is_hidden(path: str, prefix: str) -> bool:
    return any(part.startswith(".") for part in path.removeprefix(prefix).split("/")[:-1])


def _file(entry: TreeEntry, data: bytes | None) -> File:
    if entry.mode == _SUBMODULE:
        return File(entry.path, None, Mode.OTHER)
    mode = Mode.SYMLINK if entry.mode == _SYMLINK else Mode.FILE
    return File(entry.path, data, mode, entry.size)
