"""The files of a commit, read through git and never checked out: a head from a fork is data only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reassay.git.git import TreeEntry, tree_entry
from reassay.register.files.tree import File, Mode, is_wanted
from reassay.register.limits import MAX_FILE_BYTES

_SYMLINK, _SUBMODULE = "120000", "160000"


class Objects(Protocol):
    """What a tree asks of git, or of what was asked of git ahead."""

    def lines(self, commit: str, folder: str) -> Sequence[str]:
        """A line for every file of a commit below a folder."""
        ...

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a commit."""
        ...

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id."""
        ...


@dataclass(frozen=True, slots=True)
class GitTree:
    """Satisfies `register_files.tree.Tree` for one commit."""

    git: Objects
    commit: str
    known: dict[str, File] = field(default_factory=dict)
    """Files that were read already, by their line in a listing; two trees that share it read each of them once."""
    only: Sequence[str] | None = None
    """Lines of a listing that stand for the whole of it."""

    def read(self, path: str) -> File | None:
        """The file at `path`, or None."""
        entry = self.git.find(self.commit, path)
        if entry is None:
            return None
        return _file(entry, self.git.read([entry.oid]).get(entry.oid) if _is_read(entry) else None)

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, in one process for all contents; folders that begin with a dot are passed over."""
        prefix = folder.rstrip("/") + "/"
        lines = self.git.lines(self.commit, folder.rstrip("/")) if self.only is None else self.only
        return self._files([each for each in lines if "/." not in each or not _is_hidden(each, prefix)])

    def _files(self, lines: Sequence[str]) -> Sequence[File]:
        new = [tree_entry(line) for line in lines if line not in self.known]
        contents = self.git.read(entry.oid for entry in new if _is_read(entry))
        made = (_file(entry, contents.get(entry.oid)) for entry in new)
        self.known.update(zip((line for line in lines if line not in self.known), made, strict=True))
        return [self.known[line] for line in lines]


def _is_read(entry: TreeEntry) -> bool:
    if entry.mode == _SYMLINK:
        return entry.size <= MAX_FILE_BYTES
    return entry.mode != _SUBMODULE and is_wanted(entry.path) and entry.size <= MAX_FILE_BYTES


def _is_hidden(line: str, prefix: str) -> bool:
    path = line.partition("\t")[2]
    return any(part.startswith(".") for part in path.removeprefix(prefix).split("/")[:-1])


def _file(entry: TreeEntry, data: bytes | None) -> File:
    if entry.mode == _SUBMODULE:
        return File(entry.path, None, Mode.OTHER)
    mode = Mode.SYMLINK if entry.mode == _SYMLINK else Mode.FILE
    return File(entry.path, data, mode, entry.size)
