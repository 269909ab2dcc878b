"""Result files on disk, and such that were downloaded."""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from reassay.evidence.readers.base import HEAD, ResultFile, UnreadableResultError

MOST_BYTES: Final = 8 * 1024**3
"""Largest size of a file on disk, in bytes."""


def result_file(path: Path, *, name: str | None = None) -> ResultFile:
    """The file at a path; its `name` for messages is the path, unless another is given.

    Raises UnreadableResultError if it is not a regular file, cannot be read, or is larger than MOST_BYTES.
    """
    shown = name or str(path)
    try:
        # O_NONBLOCK: a named pipe would otherwise wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            status = os.fstat(descriptor)
            head = os.read(descriptor, HEAD) if stat.S_ISREG(status.st_mode) else b""
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableResultError(
            f"it cannot be read ({error.strerror})", "Name a file that you may read."
        ) from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
        raise UnreadableResultError(f"it is {kind}", "Name the result file itself.")
    if status.st_size > MOST_BYTES:
        raise UnreadableResultError(
            f"it has {status.st_size / 1024**3:.1f} GiB, and at most {MOST_BYTES >> 30} GiB are read",
            "Split the run into several files.",
        )

    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise UnreadableResultError(f"it cannot be read any more ({error.strerror})", "Try again.") from error

    return ResultFile(shown, status.st_size, head, opened)
