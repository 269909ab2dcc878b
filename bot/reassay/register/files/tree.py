"""What the reader needs of a tree of files, be it a folder on disk or a commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from reassay.register.limits import MAX_FILE_BYTES, READ_SUFFIXES


class Mode(StrEnum):
    """What stands at a path."""

    FILE = "file"
    SYMLINK = "symlink"
    OTHER = "other"
    """A device, a pipe, a submodule: nothing that can be read."""
    UNREADABLE = "unreadable"
    """A file that the system does not let us open."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it stands; a symbolic link is not followed, its data is the target as written."""

    path: str
    """From the root of the repository, with slashes."""
    data: bytes | None
    """None if not read: too large, not of a suffix that is read, or nothing that can be read."""
    mode: Mode = Mode.FILE
    size: int = 0
    """In bytes, known even where nothing was read."""
    oid: str = ""
    """The blob's object id in git; empty for a file that is not in git."""

    @property
    def is_too_large(self) -> bool:
        """Whether it was left unread for its size."""
        return self.mode is Mode.FILE and self.size > MAX_FILE_BYTES


class Tree(Protocol):
    """A repository's files. Links are never followed by the tree itself: the reader does, and says where they lead."""

    def read(self, path: str) -> File | None:
        """The file at `path` (from the root, with slashes), or None. No part of the path above it may be a link."""
        ...

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, in any order; nothing if there is no such folder."""
        ...


def is_wanted(path: str) -> bool:
    """Whether a file of this name may hold an object, so that its content is worth reading."""
    return suffix_of(path) in READ_SUFFIXES


def suffix_of(path: str) -> str:
    """The end of a file's name from its last dot on, in small letters; "" for `.yml`, which is a name without one."""
    # What pathlib says of a path, without making one: this is asked for every file, twice.
    dot = path.rfind(".") + 1
    return path[dot - 1 :].lower() if "/" not in path[dot - 2 :] and 1 < dot < len(path) else ""
