"""A reader of one tool's result files."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from reassay.evidence.reading import Reading
from reassay.register.measurement import Columns

HEAD = 65_536
"""Bytes at the start of a file by which readers recognise it."""


class UnreadableResultError(ValueError):
    """A result file that cannot be read, or that must not be counted. The message says why, without a full stop."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy
        """What to do instead, as a sentence."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result file that can be read more than once. Its content is untrusted."""

    name: str
    """For messages; readers recognise by content alone."""
    size: int
    """In bytes."""
    head: bytes
    """The first HEAD bytes."""
    open: Callable[[], BinaryIO] = field(repr=False)
    """A new seekable stream from the start of the file; the caller closes it."""


@dataclass(frozen=True, slots=True)
class ResultOptions:
    """What a criterion declares about its result files. A reader takes the columns and keys named here, and no others."""

    columns: Columns | None = None
    """Columns of a CSV or JSON file that no tool's format fixes."""
    slice_by: tuple[str, ...] = ()
    """Keys of a sample's metadata (or columns) whose values are its slices."""
    cluster_by: str | None = None
    """Key of a sample's metadata (or column) that names the seed prompt; None: each prompt is its own cluster."""


@dataclass(frozen=True, slots=True)
class EvidenceReader:
    """A reader of one tool's result files."""

    name: str
    """As `tool` in readings and in a criterion's `measured`."""
    title: str
    """The tool's name for people."""
    recognises: Callable[[ResultFile], bool]
    """Whether a file is of this tool, by its content; never raises."""
    read: Callable[[ResultFile, ResultOptions], tuple[Reading, ...]]
    """One reading a metric. Raises UnreadableResultError."""


def digest_of(file: ResultFile) -> str:
    """`sha256:` and the SHA-256 of the raw file, read in chunks."""
    with file.open() as stream:
        digest = hashlib.sha256()
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def prompt_digest(*names: str) -> str:
    """What stands for a prompt in a reading: the same names give the same 16 digits, and the text cannot be read from them."""
    return hashlib.sha256("\x00".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
