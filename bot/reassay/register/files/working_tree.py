"""The files of a checkout, read with limits and without following links.

A folder with a `.git` of its own is another repository, as a submodule is: it is read as little as in a commit.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from reassay.register.files.tree import File, Mode, is_wanted
from reassay.register.limits import MAX_FILE_BYTES

# Never through a link, never waiting for a pipe. Not every system has these.
_FLAGS: Final = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """A Tree of a checkout on disk; it opens nothing outside `root`."""

    root: Path

    def read(self, path: str) -> File | None:
        """The file at `path`; None if there is none or a folder above it is a link."""
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            return None
        root = self.root.resolve()
        place = root.joinpath(*pure.parts)
        if place.parent.resolve() != place.parent or not (place.is_symlink() or place.exists()):
            return None
        if any(_is_repository(root.joinpath(*pure.parts[:count])) for count in range(1, len(pure.parts))):
            return None
        if _is_folder(place):
            return File(str(pure), None, Mode.OTHER) if _is_repository(place) else None
        return _file(place, str(pure))

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`; folders that begin with a dot are skipped."""
        start = PurePosixPath(folder)
        root = self.root.resolve()
        top = root.joinpath(*start.parts)
        if ".." in start.parts or top.resolve() != top or not top.is_dir():
            return
        if any(_is_repository(root.joinpath(*start.parts[:count])) for count in range(1, len(start.parts) + 1)):
            return
        waiting = [(str(top), str(start))]
        while waiting:
            place, path = waiting.pop()
            entries = _entries(place)
            if entries is None:
                yield File(path, None, Mode.UNREADABLE)
            for entry in entries or ():
                below = f"{path}/{entry.name}"
                if not entry.is_dir(follow_symlinks=False):
                    yield _found(entry, below)
                elif _is_repository(Path(entry.path)):
                    yield File(below, None, Mode.OTHER)
                elif not entry.name.startswith("."):
                    waiting.append((entry.path, below))


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _is_repository(place: Path) -> bool:
    """Whether a folder is another repository: a submodule has a file `.git`, a clone a folder with a head."""
    return (place / ".git").is_file() or (place / ".git/HEAD").is_file()


def _entries(place: str) -> list[os.DirEntry[str]] | None:
    """The entries of a folder by name; None if it cannot be opened."""
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return None


def _found(entry: os.DirEntry[str], path: str) -> File:
    try:
        if entry.is_symlink():
            return File(path, os.fsencode(Path(entry.path).readlink()), Mode.SYMLINK)
        if not entry.is_file(follow_symlinks=False):
            return File(path, None, Mode.OTHER)
        if not is_wanted(path):
            return File(path, None, size=entry.stat(follow_symlinks=False).st_size)
        return _content(entry.path, path)
    except OSError:
        return File(path, None, Mode.UNREADABLE)


def _file(place: Path, path: str) -> File:
    try:
        if place.is_symlink():
            return File(path, os.fsencode(place.readlink()), Mode.SYMLINK)
        if not place.is_file():
            return File(path, None, Mode.OTHER)
        if not is_wanted(path):
            return File(path, None, size=place.stat().st_size)
        return _content(str(place), path)
    except OSError:
        return File(path, None, Mode.UNREADABLE)


def _content(place: str, path: str) -> File:
    """A regular file that may hold objects. Raises OSError."""
    # Opened first and checked afterwards, as the path could become a link in between.
    opened = os.open(place, _FLAGS)
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            return File(path, None, Mode.OTHER)
        size = status.st_size
        if size > MAX_FILE_BYTES:
            return File(path, None, size=size)
        data = os.read(opened, size + 1)
        if len(data) != size:
            # It has grown or came in pieces; the limit still applies.
            data = _rest(opened, data)
    finally:
        os.close(opened)
    if len(data) > MAX_FILE_BYTES:
        return File(path, None, size=len(data))
    return File(path, data, size=len(data))


def _rest(opened: int, data: bytes) -> bytes:
    while len(data) <= MAX_FILE_BYTES and (more := os.read(opened, MAX_FILE_BYTES + 1 - len(data))):
        data += more
    return data
