"""Members of a .zip or .tar archive in memory, within limits; nothing is ever unpacked to a disk."""

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from reassay.signals.source_readings import SourceUnreadError

MOST_MEMBERS: Final = 100_000
LARGEST_MEMBER: Final = 5 * 1024 * 1024
"""Bytes of a member that is read."""
LARGEST_WHOLE: Final = 200 * 1024 * 1024
"""Bytes of all members, unpacked."""
_ZIP: Final = b"PK\x03\x04"
_COMPRESSED: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def is_archive(raw: bytes) -> bool:
    """Whether a file is an archive by its first bytes."""
    return raw.startswith((_ZIP, *_COMPRESSED))


def members_of(raw: bytes, place: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the members whose path ends like a pattern, in order of name. Raises SourceUnreadError."""
    try:
        members = dict(_zip(raw, place, pattern) if raw.startswith(_ZIP) else _tar(raw, place, pattern))
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError, KeyError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        # One library for each format, and each has its own errors for an archive that is cut off.
        raise SourceUnreadError(f"{place} is not a whole archive ({type(error).__name__}). Get it again.") from None
    yield from sorted(members.items())


def _zip(raw: bytes, place: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
        _refuse_large(place, len(entries), sum(entry.file_size for entry in entries))
        for entry in entries:
            if fnmatchcase(f"/{entry.filename}", f"*{pattern}"):
                with archive.open(entry) as stream:
                    yield entry.filename, _limited(stream.read(LARGEST_MEMBER + 1), entry.filename)


def _tar(raw: bytes, place: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    number = size = 0
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:*") as archive:
        for entry in archive:
            number, size = number + 1, size + entry.size
            _refuse_large(place, number, size)
            stream = (
                archive.extractfile(entry) if entry.isfile() and fnmatchcase(f"/{entry.name}", f"*{pattern}") else None
            )
            if stream is not None:
                yield entry.name, _limited(stream.read(LARGEST_MEMBER + 1), entry.name)


def _refuse_large(place: str, members: int, size: int) -> None:
    if members > MOST_MEMBERS or size > LARGEST_WHOLE:
        raise SourceUnreadError(
            f"{place} has more than {MOST_MEMBERS:,} files or {LARGEST_WHOLE:,} bytes unpacked. Make it smaller."
        )


def _limited(content: bytes, name: str) -> bytes:
    if len(content) > LARGEST_MEMBER:
        raise SourceUnreadError(f"{name} has more than {LARGEST_MEMBER:,} bytes. Leave it out.")
    return content
