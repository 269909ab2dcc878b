"""Files of a seal: the confidential file, read in chunks, and the salt file that its custodian keeps."""

import os
from collections.abc import Iterator
from pathlib import Path

from reassay.common.errors import UsageError

_CHUNK = 1 << 20
"""Bytes."""


def read_chunks(file: Path) -> Iterator[bytes]:
    """The content of a file in chunks. Raises UsageError if it cannot be read or is empty."""
    try:
        with file.open("rb") as stream:
            first = stream.read(_CHUNK)
            if not first:
                raise UsageError("the file is empty.", where=str(file), remedy="Name the file with the evidence.")
            yield first
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise UsageError(
            f"the file cannot be read ({error.strerror}).", where=str(file), remedy="Name a file that you may read."
        ) from error


def read_salt(file: Path) -> bytes:
    """The salt in a salt file. Raises UsageError if it cannot be read or is not hexadecimal."""
    try:
        return bytes.fromhex(file.read_text("ascii").strip())
    except OSError as error:
        raise UsageError(
            f"the salt file cannot be read ({error.strerror}).", where=str(file), remedy="Name the salt file."
        ) from error
    except ValueError as error:
        raise UsageError(
            "this is not a salt file.", where=str(file), remedy="Use the file that `reassay evidence seal` wrote."
        ) from error


def write_salt(file: Path, salt: bytes) -> None:
    """Writes a new salt file that only its owner may read. Raises UsageError if it exists or cannot be written.

    An existing one is never replaced: without its salt, the digest of an older seal proves nothing.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        remedy = "Keep that file, and name another one with --salt-file."
        raise UsageError("this salt file exists already.", where=str(file), remedy=remedy) from error
    except OSError as error:
        raise UsageError(f"the salt file cannot be written ({error.strerror}).", where=str(file)) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{salt.hex()}\n")
