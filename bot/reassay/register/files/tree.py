"""Trees of files that the reader reads: a folder on disk, a commit, or memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from reassay.register.limits import MAX_FILE_BYTES, READ_SUFFIXES


class Mode(StrEnum):
    """The type of a file."""

    FILE = "file"
    SYMLINK = "symlink"
    OTHER = "other"
    """A device, a pipe or a submodule, which cannot be read."""
    UNREADABLE = "unreadable"
    """A file without permission to read."""


@dataclass(frozen=True, slots=True)
class File:
    """One file. A symbolic link is not followed: its data is its target as written."""

    path: str
    """From the root of the repository, with slashes."""
    data: bytes | None
    """None if not read: too large, another suffix, or not a regular file."""
    mode: Mode = Mode.FILE
    size: int = 0
    """In bytes, even if the file was not read."""
    oid: str = ""
    """Object id of the blob in git; empty if the file is not in git."""

    @property
    def is_too_large(self) -> bool:
        """Whether it was not read because of its size."""
        return self.mode is Mode.FILE and self.size > MAX_FILE_BYTES


class Tree(Protocol):
    """The files of a repository. The reader follows links, not the tree."""

    def read(self, path: str) -> File | None:
        """The file at `path` (from the root, with slashes), or None. No part of the path above it may be a link."""
        ...

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, in any order; nothing if there is no such folder."""
        ...


def is_wanted(path: str) -> bool:
    """Whether a file of this name may hold an object."""
    return suffix_of(path) in READ_SUFFIXES


def suffix_of(path: str) -> str:
    """The suffix of a file in lower case, as pathlib defines it; "" for `.yml`."""
    # Without a pathlib.Path, because this runs twice for every file.
    dot = path.rfind(".") + 1
    return path[dot - 1 :].lower() if "/" not in path[dot - 2 :] and 1 < dot < len(path) else ""
