"""Parsed and validated files, cached in memory by the object id of their content."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from reassay.register.files.nodes import MapNode
from reassay.register.files.tree import File
from reassay.register.finding import Finding
from reassay.register.register import RegisterEntry, RegisterObject
from reassay.register.unreadable_entry import UnreadableEntry

MAX_FILES: Final = 10_000
MAX_BYTES: Final = 2 * 1024**2
"""Most bytes of files as written. A parsed file takes about twenty times as much memory."""


_Key = tuple[str, str, frozenset[str]]
"""Path, blob and ignored keys."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The objects and findings of one file of the register."""

    path: str
    entries: tuple[RegisterEntry[RegisterObject], ...]
    findings: tuple[Finding, ...]
    broken: frozenset[tuple[str, str]]
    """Kind and id of objects that cannot be used."""
    settings: MapNode | None
    """Keys of the configuration at the head of a collection."""
    unreadable: tuple[UnreadableEntry, ...] = ()
    """Places that declare an object, or may declare one, and cannot be used."""
    is_whole: bool = True
    """Whether all of the file could be read, whatever is wrong within its objects."""


class ParsedFiles:
    """A bounded cache of parsed files that drops the least recently used. It is thread-safe.

    Its key is path, blob and ignored keys, since the path implies the kind of objects. Files outside git are not cached.
    """

    def __init__(self, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> None:
        self._max_files = max_files
        self._max_bytes = max_bytes
        self._kept: OrderedDict[_Key, tuple[ParsedFile, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, file: File, ignored: frozenset[str] = frozenset()) -> ParsedFile | None:
        """The file of the same path and content, parsed with the same ignored keys; None if it is not cached."""
        key = (file.path, file.oid, ignored)
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, file: File, parsed: ParsedFile, ignored: frozenset[str] = frozenset()) -> None:
        """Adds a parsed file and drops the least recently used ones beyond the limits."""
        if not file.oid or file.size > self._max_bytes:
            return
        with self._lock:
            _, replaced = self._kept.pop((file.path, file.oid, ignored), (None, 0))
            self._kept[file.path, file.oid, ignored] = (parsed, file.size)
            self._bytes += file.size - replaced
            while len(self._kept) > self._max_files or self._bytes > self._max_bytes:
                _, (_, size) = self._kept.popitem(last=False)
                self._bytes -= size
