"""Files that somebody handed over as texts, read like a checkout."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.adapters.register_files.tree import File


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """Satisfies `Tree`. Nothing on disk is touched."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> File | None:
        """The file at `path`."""
        data = self.files.get(str(PurePosixPath(path)))
        return None if data is None else File(path, data, size=len(data))

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`."""
        start = f"{PurePosixPath(folder)}/"
        below = ((path, data) for path, data in sorted(self.files.items()) if path.startswith(start))
        return [File(path, data, size=len(data)) for path, data in below]
