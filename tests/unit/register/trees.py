"""Trees to read from: files on disk, and files in memory where thousands are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reassay.register.files import File, WorkingTree, read_register
from reassay.register.finding import Finding
from reassay.register.register import Register

Files = Mapping[str, str | bytes]


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """Satisfies `Tree`; a third implementation beside folder and commit, without links."""

    files: Files

    def read(self, path: str) -> File | None:
        found = self.files.get(path)
        return None if found is None else _file(path, found)

    def list(self, folder: str) -> Iterable[File]:
        return [_file(path, data) for path, data in self.files.items() if path.startswith(f"{folder}/")]


def _file(path: str, data: str | bytes) -> File:
    raw = data.encode() if isinstance(data, str) else data
    return File(path, raw, size=len(raw))


def read(files: Files) -> Register:
    return read_register(MemoryTree(files))


def written(root: Path, files: Files) -> WorkingTree:
    for path, data in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)
    return WorkingTree(root)


def told(findings: Iterable[Finding]) -> list[str]:
    """Each as `path:line:column severity code`, without the register folder."""
    return [
        f"{each.at.path.removeprefix('framework/')}:{each.at.line}:{each.at.column} {each.severity} {each.code}"
        for each in findings
    ]
