"""Zip archives from strangers: members are read as streams, never written anywhere, and all sizes have bounds."""

import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from reassay.evidence.readers.base import ResultFile, UnreadableResultError

if sys.version_info >= (3, 14):
    import zipfile

    from compression.zstd import ZstdError
else:  # pragma: no cover -- one of the two, by interpreter
    from backports.zstd import ZstdError, zipfile

MOST_DIRECTORY: Final = 12 * 1024 * 1024
"""Bytes of the archive's table of contents: about 150,000 members."""
MOST_EXPANDED: Final = 64 * 1024**3
"""Bytes of all members together, once expanded."""
MOST_RATIO: Final = 500
"""Expanded bytes for each byte of the archive. Logs of the same text a thousand times stay below 100."""
FREE_OF_RATIO: Final = 256 * 1024**2
"""Expanded bytes up to which no ratio is asked."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ZstdError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
)
"""What the library raises for archives that are damaged, cut off, encrypted, or packed by a method it does not know."""


def is_zip(file: ResultFile) -> bool:
    """Whether a file begins as a zip archive does."""
    return file.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@contextmanager
def opened_archive(file: ResultFile) -> Iterator["Archive"]:
    """The archive of a file, closed at the end. Raises UnreadableResultError if it is damaged or too large to be read safely."""
    with file.open() as stream:
        guard = _Directory(stream)
        try:
            archive = zipfile.ZipFile(cast("BinaryIO", guard))
        except _BROKEN as error:
            raise _damaged("its table of contents cannot be read") from error
        guard.rest = -1
        with archive:
            yield Archive(archive, file.size)


@dataclass(slots=True)
class Archive:
    """An open archive."""

    _zip: zipfile.ZipFile
    _size: int
    _expanded: int = 0

    def names(self) -> list[str]:
        """Names of all members. They are untrusted, and never used as paths."""
        return self._zip.namelist()

    @contextmanager
    def member(self, name: str) -> Iterator[BinaryIO]:
        """A stream of a member's bytes. Whatever goes wrong in reading it is an UnreadableResultError."""
        try:
            with self._zip.open(name) as stream:
                yield cast("BinaryIO", _Bounded(cast("BinaryIO", stream), self))
        except KeyError:
            raise _damaged("a part of it is missing") from None
        except RuntimeError as error:
            raise _damaged("a part of it is encrypted") from error
        except _BROKEN as error:
            if isinstance(error, UnreadableResultError):
                raise
            raise _damaged("a part of it cannot be unpacked") from error

    def count(self, number: int) -> None:
        """Adds expanded bytes. Raises UnreadableResultError beyond the bounds."""
        self._expanded += number
        is_bomb = self._expanded > max(FREE_OF_RATIO, MOST_RATIO * self._size)
        if is_bomb or self._expanded > MOST_EXPANDED:
            raise UnreadableResultError(
                f"the archive expands to more than {self._expanded >> 20:,} MiB, which is beyond what is read safely",
                "Split the run into several files.",
            )


def _damaged(why: str) -> UnreadableResultError:
    return UnreadableResultError(f"the archive is damaged or cut off: {why}", "Download or export the file again.")


class _Bounded:
    """A member's stream that counts what it expands to."""

    def __init__(self, stream: BinaryIO, archive: Archive) -> None:
        self._stream = stream
        self._archive = archive

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._archive.count(len(data))
        return data


class _Directory:
    """A stream of which only so much can be read while `rest` is not negative: the library reads a whole table of contents."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.rest = MOST_DIRECTORY

    def read(self, size: int = -1) -> bytes:
        if self.rest >= 0:
            if size < 0 or size > self.rest:
                raise ValueError("more than the bound")
            self.rest -= size
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """The owner of the stream closes it."""
