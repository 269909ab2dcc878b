"""Result files for tests of readers: real ones, and changed copies of them."""

import copy
import io
import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result
from reassay.evidence.readers.base import HEAD, ResultFile, ResultOptions
from reassay.evidence.reading import Reading

if sys.version_info >= (3, 14):
    import zipfile as zstd_zipfile
else:
    from backports.zstd import zipfile as zstd_zipfile

Document = dict[str, Any]
"""A JSON document of a tool."""
FOLDER = Path(__file__).parents[3] / "fixtures" / "results"
NO_OPTIONS = ResultOptions()


def read(content: bytes | str, options: ResultOptions = NO_OPTIONS, name: str = "file") -> tuple[Reading, ...]:
    raw = content.encode() if isinstance(content, str) else content
    return read_result(result_of_bytes(name, raw), options)


def result_of_bytes(name: str, content: bytes) -> ResultFile:
    """A file whose content is in memory."""
    return ResultFile(name, len(content), content[:HEAD], lambda: io.BytesIO(content))


def read_fixture(name: str, options: ResultOptions = NO_OPTIONS) -> dict[str, Reading]:
    """By metric."""
    return {reading.metric: reading for reading in read_result(fixture(name), options)}


def fixture(name: str) -> ResultFile:
    return result_file(FOLDER / name)


def changed(name: str, change: Callable[[Document], None]) -> bytes:
    """A JSON fixture after a change."""
    document = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document).encode()


def packed(log: Mapping[str, Any]) -> bytes:
    """A `.json` log of Inspect as an `.eval` archive."""
    header = copy.deepcopy(dict(log))
    samples = header.pop("samples", [])
    members = {f"samples/{sample['id']}_epoch_{sample['epoch']}.json": sample for sample in samples}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        start = {key: header[key] for key in ("version", "eval", "plan") if key in header}
        for member, value in {"_journal/start.json": start, **members, "header.json": header}.items():
            archive.writestr(member, json.dumps(value))
    return stream.getvalue()


def without(raw: bytes, *names: str) -> bytes:
    """An archive without some of its members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
    return stream.getvalue()


__all__ = [
    "FOLDER",
    "Document",
    "changed",
    "fixture",
    "packed",
    "read",
    "read_fixture",
    "result_of_bytes",
    "without",
    "zstd_zipfile",
]
