"""Result files for the tests of readers: fixtures of real tools, and bytes changed from them."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reassay.evidence.readers.base import HEAD, EvidenceReader, ResultFile, ResultOptions
from reassay.evidence.reading import Reading

FIXTURES = Path(__file__).parents[3] / "fixtures" / "results"
NO_OPTIONS = ResultOptions()


def fixture(tool: str, name: str) -> bytes:
    return (FIXTURES / tool / name).read_bytes()


def file_of(raw: bytes) -> ResultFile:
    return ResultFile("result", len(raw), raw[:HEAD], lambda: io.BytesIO(raw))


def readings(reader: EvidenceReader, raw: bytes, options: ResultOptions = NO_OPTIONS) -> tuple[Reading, ...]:
    """What a file says, once the reader has recognised it."""
    file = file_of(raw)
    assert reader.recognises(file)
    found = reader.read(file, options)
    for reading in found:
        # Whatever a file says, what is kept of it is valid.
        assert Reading.model_validate_json(reading.model_dump_json()) == reading
    return found


def reading(reader: EvidenceReader, raw: bytes, options: ResultOptions = NO_OPTIONS) -> Reading:
    """The only reading of a file."""
    (only,) = readings(reader, raw, options)
    return only


def rows_of(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw.splitlines()]


def lines_of(rows: Sequence[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
