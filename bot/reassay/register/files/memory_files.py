"""Files in memory, for registers sent over the network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassay.register.files.tree import File, is_wanted
from reassay.register.limits import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """A Tree of files in memory, without links."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> File | None:
        """The file at `path`; None if there is none."""
        data = self.files.get(path)
        return None if data is None else _file(path, data)

    def list(self, folder: str) -> Iterable[File]:
        """All files below `folder`."""
        prefix = folder.rstrip("/") + "/"
        return [_file(path, data) for path, data in self.files.items() if path.startswith(prefix)]


def _file(path: str, data: bytes) -> File:
    is_read = is_wanted(path) and len(data) <= MAX_FILE_BYTES
    return File(path, data if is_read else None, size=len(data))
