"""Result files with random damage, read in a process of its own: `mutations.py READER NUMBER SEED` prints a line of JSON.

A file that is neither read nor refused, or takes longer than MOST_SECONDS, ends the process with an error.
"""

import io
import json
import random
import signal
import sys
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result
from reassay.evidence.readers import READERS
from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.register.measurement import Columns
from tests.unit.evidence.readers.files import FOLDER, result_of_bytes, zstd_zipfile

MOST_SECONDS = 30
OPTIONS = ResultOptions(
    columns=Columns(outcome="verdict", prompt="id", error="error", model="model", performed_at="time"),
    slice_by=("language",),
    cluster_by="language",
)
ROWS = [
    {
        "id": f"p{n}",
        "verdict": "yes" if n % 3 else "no",
        "error": "",
        "model": "m",
        "time": "2026-11-01T10:00:00Z",
        "language": "de",
    }
    for n in range(20)
]
TABLES = {
    "csv": ["\n".join([",".join(ROWS[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in ROWS)]).encode()],
    "json": [json.dumps(ROWS).encode(), "\n".join(json.dumps(row) for row in ROWS).encode()],
}
TOKENS = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5_000,
    b"0." + b"1" * 5_000,
    b"[" * 3_000,
    b"{" * 3_000,
    b'{"a":' * 3_000,
    b"null",
    b"true",
    b"-1",
    b'"',
    b'""',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\n",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b",",
    b"]",
    b"}",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "\u2028\U0001f600".encode(),
    b"x" * 100_000,
)


def originals(reader: str) -> list[bytes]:
    """Undamaged files of a reader."""
    files = [file for file in sorted(FOLDER.glob("*/*")) if file.suffix != ".md"]
    taker = next(entry for entry in READERS if entry.name == reader)
    return [file.read_bytes() for file in files if taker.recognises(result_file(file))] + TABLES.get(reader, [])


def mutants(reader: str, number: int, seed: int) -> Iterator[bytes]:
    """Damaged files; an archive is damaged as it is, or in its members."""
    source, files = random.Random(f"{reader}-{seed}"), originals(reader)
    assert files, f"there is no file of {reader}"
    for _ in range(number):
        raw = source.choice(files)
        yield repacked(raw, source) if raw.startswith(b"PK") and source.random() < 0.7 else damaged(raw, files, source)


def damaged(raw: bytes, others: list[bytes], source: random.Random) -> bytes:
    content = bytearray(raw)
    for _ in range(source.choice((1, 1, 2, 5, 20))):
        place = source.randrange(len(content) + 1)
        end = min(len(content), place + source.choice((1, 1, 8, 100, 3_000)))
        match source.randrange(7):
            case 0:
                content[place:end] = bytes(source.randrange(256) for _ in range(end - place))
            case 1:
                del content[place:end]
            case 2:
                content[place:place] = source.choice(TOKENS)
            case 3:
                content[place:end] = source.choice(TOKENS)
            case 4:
                content[place:place] = content[place:end] * source.choice((1, 2, 50))
            case 5:
                other = source.choice(others)
                start = source.randrange(len(other) + 1)
                content[place:end] = other[start : start + source.choice((10, 1_000))]
            case _:
                if source.random() < 0.3:
                    del content[place:]
    return bytes(content)


def repacked(raw: bytes, source: random.Random) -> bytes:
    """An archive of which one member is damaged, missing, doubled or renamed."""
    with zstd_zipfile.ZipFile(io.BytesIO(raw)) as old:
        members = [(name, old.read(name)) for name in old.namelist()]
    place = source.randrange(len(members))
    name, content = members[place]
    match source.randrange(8):
        case 0:
            del members[place]
        case 1:
            members[place] = (source.choice(("samples/x.json", "header.json", "../x", "/")), content)
        case _:
            members[place] = (name, damaged(content, [other for _, other in members], source))
    stream = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members:
            new.writestr(name, content)
    return stream.getvalue()


def outcome(raw: bytes) -> str:
    """`read` or `refused`; anything else is raised."""
    try:
        readings = read_result(result_of_bytes("damaged", raw), OPTIONS)
    except UnreadableResultError as error:
        return "refused" if str(error) and error.remedy else "refused without a reason"
    for reading in readings:
        assert reading.attempted == sum(count for _, count in reading.totals) + reading.unscored + reading.errored
    return "read"


def peak() -> int:
    """The largest memory of this process so far, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def main() -> None:
    reader, number, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    numbers: dict[str, int] = {}
    for raw in mutants(reader, number, seed):
        signal.alarm(MOST_SECONDS)
        word = outcome(raw)
        numbers[word] = numbers.get(word, 0) + 1
    signal.alarm(0)
    print(json.dumps({**numbers, "peak": peak()}))


if __name__ == "__main__":
    main()
