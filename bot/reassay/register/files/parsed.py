"""Files that were read and validated, kept in memory by the object id of their content."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from reassay.register.files.nodes import MapNode
from reassay.register.files.tree import File
from reassay.register.finding import Finding
from reassay.register.register import Entry, RegisterObject

MAX_FILES: Final = 10_000
MAX_BYTES: Final = 2 * 1024**2
"""Bytes of the files as written. What is made of one takes about twenty times as much memory."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one file of the register says: its objects, and a finding for everything that is wrong with it."""

    path: str
    entries: tuple[Entry[RegisterObject], ...]
    findings: tuple[Finding, ...]
    broken: frozenset[tuple[str, str]]
    """Kind and id of objects that are there and could not be understood."""
    settings: MapNode | None
    """Keys of the configuration at the head of a collection."""


class ParsedFiles:
    """A bounded cache of parsed files, least recently used first out. Threads may share one.

    A file is known by its path and its blob, since its path says of what kind its objects are. What is not in git is not
    kept.
    """

    def __init__(self, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> None:
        self._max_files = max_files
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[str, str], tuple[ParsedFile, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, file: File) -> ParsedFile | None:
        """The same path with the same content, as it was parsed before; None if it is not kept."""
        key = (file.path, file.oid)
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, file: File, parsed: ParsedFile) -> None:
        """Keeps a file, and drops those that were not used for longest where that is too much."""
        if not file.oid or file.size > self._max_bytes:
            return
        with self._lock:
            _, replaced = self._kept.pop((file.path, file.oid), (None, 0))
            self._kept[file.path, file.oid] = (parsed, file.size)
            self._bytes += file.size - replaced
            while len(self._kept) > self._max_files or self._bytes > self._max_bytes:
                _, (_, size) = self._kept.popitem(last=False)
                self._bytes -= size
