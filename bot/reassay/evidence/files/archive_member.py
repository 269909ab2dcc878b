"""One file of a zip archive, taken out with bounds. Archives are untrusted: names are data, and no name becomes a path."""

import lzma
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from reassay.evidence.readers.base import UnreadableResultError

MOST_MEMBERS = 10_000
LARGEST_MEMBER = 2_000_000_000
"""Bytes of a file of an archive, unpacked."""
MOST_GROWTH = 200
"""Bytes that a byte of a packed file may become; text of evaluation tools shrinks by far less."""
_SMALL = 1_000_000
_CHUNK = 1 << 20
_SHOWN = 5
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""The libraries have an error of their own for each way in which an archive can be broken."""


def unpack(archive: Path, wanted: str, target: Path) -> str:
    """Writes one file of an archive to `target`; without a path the only one there is. Returns its path in the archive.

    Raises UnreadableResultError.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            member = _member(opened, wanted)
            with opened.open(member) as source, target.open("wb") as file:
                _copy(source, file, member)  # type: ignore[arg-type] # zipfile's own file class is a binary stream
            return member.filename
    except _BROKEN as error:
        if isinstance(error, UnreadableResultError):
            raise
        raise UnreadableResultError("the artifact is not a whole zip archive", "Upload it again.") from error


def _member(opened: zipfile.ZipFile, wanted: str) -> zipfile.ZipInfo:
    files = [member for member in opened.infolist() if not member.is_dir()]
    if len(files) > MOST_MEMBERS:
        raise UnreadableResultError(
            f"the artifact has more than {MOST_MEMBERS:,} files", "Upload the result file alone."
        )
    named = [member for member in files if member.filename == wanted] if wanted else files
    if len(named) == 1:
        return named[0]
    shown = ", ".join(f"`{_plain(member.filename)}`" for member in files[:_SHOWN])
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    if not files:
        raise UnreadableResultError("the artifact is empty", "Upload the result file.")
    why = f"the artifact has no file `{_plain(wanted)}`" if wanted else f"the artifact has {len(files)} files"
    if len(named) > 1 and wanted:
        why = f"the artifact has `{_plain(wanted)}` more than once"
    raise UnreadableResultError(why, f"Name one of its files after the artifact's name: {shown}{more}.")


def _plain(name: str) -> str:
    return name.replace("`", "'")[:200]


def _copy(source: BinaryIO, file: BinaryIO, member: zipfile.ZipInfo) -> None:
    """Unpacks within bounds, whatever the archive says of its size."""
    most = min(LARGEST_MEMBER, max(_SMALL, member.compress_size * MOST_GROWTH))
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise UnreadableResultError(
                "the artifact unpacks to far more than a result file can have", "Upload the result file alone."
            )
        file.write(chunk)
