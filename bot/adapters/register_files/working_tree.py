"""The files of a checkout, read with bounds and without following links."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.adapters.register_files.tree import MAX_FILE_BYTES, File, Mode, is_wanted


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """A checkout on disk; nothing outside `root` is ever opened."""

    root: Path

    def read(self, path: str) -> File | None:
        """The file at `path`, or None if there is none or a folder above it is a link."""
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            return None
        root = self.root.resolve()
        place = root.joinpath(*pure.parts)
        if place.parent.resolve() != place.parent or not (place.is_symlink() or place.exists()) or _is_folder(place):
            return None
        return _file(place, str(pure))

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`; folders whose name starts with a dot belong to tools and are passed over."""
        start = PurePosixPath(folder)
        root = self.root.resolve()
        top = root.joinpath(*start.parts)
        if ".." in start.parts or top.resolve() != top or not top.is_dir():
            return
        waiting = [(top, str(start))]
        while waiting:
            place, path = waiting.pop()
            for entry in _entries(place):
                below = f"{path}/{entry.name}"
                if not entry.is_dir(follow_symlinks=False):
                    yield _file(Path(entry.path), below)
                elif not entry.name.startswith("."):
                    waiting.append((Path(entry.path), below))


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _file(place: Path, path: str) -> File:
    try:
        if place.is_symlink():
            return File(path, os.fsencode(place.readlink()), Mode.SYMLINK)
        if not place.is_file():
            return File(path, None, Mode.OTHER)
        size = place.stat().st_size
        if not is_wanted(path) or size > MAX_FILE_BYTES:
            return File(path, None, size=size)
        with place.open("rb") as opened:
            # The file may have grown since it was measured; the bound holds all the same.
            data = opened.read(MAX_FILE_BYTES + 1)
    except OSError:
        return File(path, None, Mode.UNREADABLE)
    if len(data) > MAX_FILE_BYTES:
        return File(path, None, size=len(data))
    return File(path, data, size=len(data))
