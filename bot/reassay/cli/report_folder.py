"""The folder of a static report: written whole beside its place, then moved there, so that a failed run changes nothing."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from reassay.common.clock import random_nonce
from reassay.common.errors import UsageError
from reassay.common.inert import plain
from reassay.common.json_text import to_json

if TYPE_CHECKING:
    from reassay.dashboard.site import SiteFile

MARKER: Final = "report.json"
SCHEMA: Final = "reassay/report/v1"
_REMEDY: Final = "Name a new or an empty folder."
_SHOWN: Final = 3
"""Files that a refusal names."""


class ReportFolder:
    """The folder that a report is written to. Its creation raises UsageError if it may not be."""

    def __init__(self, text: str, *, force: bool) -> None:
        self.text = text
        self.place = _resolved(text)
        self.earlier = _listed(self.place)
        try:
            self.foreign = tuple(sorted(_files(self.place) - self.earlier))
        except OSError as error:
            message = f"this folder cannot be listed ({error.strerror or error})."
            raise UsageError(message, where=text, remedy=_REMEDY) from error
        if self.foreign and not force:
            self._refuse()

    def write(self, files: "Iterable[SiteFile]") -> int:
        """Writes a report in place of an earlier one; returns the number of its files. Raises UsageError, as `files` may."""
        partial = self.place.with_name(f".{self.place.name}.{random_nonce()[:8]}.partial")
        try:
            names = tuple(_written(files, partial))
            marker = {"schema": SCHEMA, "files": sorted(names)}
            (partial / MARKER).write_text(to_json(marker), encoding="utf-8")
            if self.foreign:
                self._merge(partial, {*names, MARKER})
            else:
                self._replace(partial)
        except OSError as error:
            message = f"the report cannot be written ({error.strerror or error})."
            raise UsageError(message, where=self.text, remedy="Name a folder that you can write to.") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return len(names)

    def _replace(self, partial: Path) -> None:
        """Moves the new folder to the place of the old one; the old one comes back if that fails."""
        if not self.place.exists():
            partial.rename(self.place)
            return
        old = partial.with_suffix(".old")
        self.place.rename(old)
        try:
            partial.rename(self.place)
        except OSError:
            old.rename(self.place)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def _merge(self, partial: Path, names: set[str]) -> None:
        """Moves each file into a folder with files of others, and deletes what the earlier report had and this one has not.

        Raises UsageError before anything is moved where something else is in the place of one of them.
        """
        for name in sorted(names | self.earlier):
            self._check_place(name)
        for name in sorted(names, key=lambda name: (name == MARKER, name)):
            target = self.place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (partial / name).replace(target)
        for name in self.earlier - names:
            (self.place / name).unlink(missing_ok=True)

    def _check_place(self, name: str) -> None:
        """Raises UsageError where a file of the report would lead through a link, or meets a folder or a file in its way."""
        path = PurePosixPath(name)
        for part in (*path.parents, path):
            place = self.place / part
            is_own = place == self.place
            is_wrong = (
                place.is_dir() and not place.is_symlink() if part == path else place.is_symlink() or place.is_file()
            )
            if is_wrong and not is_own:
                remedy = "Move it away, or name another folder. Nothing was changed."
                raise UsageError(f"{part} is in the way of the report's {name}.", where=self.text, remedy=remedy)

    def _refuse(self) -> None:
        shown = ", ".join(self.foreign[:_SHOWN])
        more = len(self.foreign) - _SHOWN
        listed = f"{shown} and {more} more" if more > 0 else shown
        raise UsageError(
            f"this folder holds files that are not of an earlier report: {listed}.",
            where=self.text,
            remedy="Name another folder, or add --force: these files then stay, unless the report has one of that name.",
        )


def _written(files: "Iterable[SiteFile]", folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True)
    for file in files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        yield file.path


def _resolved(text: str) -> Path:
    """The place of a folder, which need not exist. Raises UsageError for a text that names none."""
    try:
        place = Path(text).resolve()
        is_other = place.is_symlink() or (place.exists() and not place.is_dir())
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a null byte
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"this names no folder ({why}).", where=plain(text), remedy=_REMEDY) from error
    if is_other or not place.name:
        why = "this is not a folder." if place.name else "this is the root of all folders."
        raise UsageError(why, where=text, remedy=_REMEDY)
    return place


def _files(folder: Path) -> set[str]:
    """Paths of everything in a folder but folders, links included. Raises OSError for a folder that cannot be listed."""

    def refuse(error: OSError) -> None:
        raise error

    paths: set[str] = set()
    for place, folders, names in os.walk(folder, onerror=refuse) if folder.is_dir() else ():
        links = (name for name in folders if Path(place, name).is_symlink())
        paths |= {Path(place, name).relative_to(folder).as_posix() for name in (*names, *links)}
    return paths


def _listed(folder: Path) -> set[str]:
    """Paths of an earlier report's files, its marker included; nothing without one."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    if not isinstance(marker, dict) or marker.get("schema") != SCHEMA or not isinstance(marker.get("files"), list):
        return set()
    names = {name for name in marker["files"] if isinstance(name, str)}
    inside = {
        name
        for name in names
        if name and not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
    }
    return {*inside, MARKER}
