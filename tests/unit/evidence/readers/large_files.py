"""Large result files, and a process that reads one: `large_files.py FILE` prints a line of JSON with its peak memory in MiB.

By hand: `PYTHONPATH=bot:. python -m tests.unit.evidence.readers.large_files inspect-json 2000 FILE` writes one of 2,000 MB.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result
from reassay.evidence.readers.base import ResultOptions
from reassay.register.measurement import Columns
from tests.unit.evidence.readers.files import FOLDER, Document, zstd_zipfile
from tests.unit.evidence.readers.large_reports import REPORTS
from tests.unit.evidence.readers.mutations import peak

TABLE = ResultOptions(columns=Columns(outcome="verdict", prompt="id"))
PLAIN = FOLDER / "inspect/plain-0.3.285.json"
ANSWER = 20_000
"""Characters of the messages of a sample."""


def inspect_log(size: int) -> tuple[Document, Iterator[Document]]:
    """The header, and samples of `size` bytes together, of which each is like a real one with a longer conversation."""
    log: Document = json.loads(PLAIN.read_text(encoding="utf-8"))
    (first, *_) = log.pop("samples")
    number = size // (len(json.dumps(first)) + ANSWER)
    log["results"]["total_samples"] = number

    def samples() -> Iterator[Document]:
        for place in range(number):
            messages = [{"role": "user", "content": f"{place} " + "word " * (ANSWER // 50)} for _ in range(10)]
            yield {**first, "id": place, "input": f"Placeholder request {place}", "messages": messages}

    return log, samples()


def inspect_json(path: Path, size: int) -> int:
    log, samples = inspect_log(size)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(log)[:-1] + ', "samples": [')
        for place, sample in enumerate(samples):
            stream.write((", " if place else "") + json.dumps(sample))
        stream.write("]}")
    return int(log["results"]["total_samples"])


def inspect_eval(path: Path, size: int) -> int:
    """An archive that expands to `size` bytes."""
    log, samples = inspect_log(size)
    with zstd_zipfile.ZipFile(path, "w", zstd_zipfile.ZIP_ZSTANDARD) as archive:
        for sample in samples:
            archive.writestr(f"samples/{sample['id']}_epoch_1.json", json.dumps(sample))
        archive.writestr("header.json", json.dumps(log))
    return int(log["results"]["total_samples"])


def lines(path: Path, size: int, row: Callable[[int], str], around: tuple[str, str, str]) -> int:
    number = size // len(row(10_000))
    start, between, end = around
    with path.open("w", encoding="utf-8") as stream:
        stream.write(start)
        write_rows(stream, number, row, between)
        stream.write(end)
    return number


def write_rows(stream: TextIO, number: int, row: Callable[[int], str], between: str) -> None:
    stream.writelines((between if place else "") + row(place) for place in range(number))


def lm_eval(path: Path, size: int) -> int:
    text = (FOLDER / "lm-eval").glob("samples_placeholder_choices*")
    first: Document = json.loads(next(text).read_text(encoding="utf-8").partition("\n")[0])

    def row(place: int) -> str:
        return (
            json.dumps({**first, "doc_id": place, "doc_hash": f"{place}", "doc": {"question": "word " * 1_000}}) + "\n"
        )

    return lines(path, size, row, ("", "", ""))


def csv(path: Path, size: int) -> int:
    return lines(path, size, lambda place: f"p{place},{place % 2},{'word ' * 200}\n", ("id,verdict,answer\n", "", ""))


def json_object(place: int) -> str:
    return json.dumps({"id": f"p{place}", "verdict": place % 2, "answer": "word " * 200})


def json_list(path: Path, size: int) -> int:
    return lines(path, size, json_object, ("[", ",", "]"))


def json_lines(path: Path, size: int) -> int:
    return lines(path, size, json_object, ("", "\n", "\n"))


KINDS: dict[str, Callable[[Path, int], int]] = {
    "inspect-json": inspect_json,
    "inspect-eval": inspect_eval,
    "lm-eval": lm_eval,
    "csv": csv,
    "json-list": json_list,
    "json-lines": json_lines,
    **REPORTS,
}
"""Writers of a file of so many bytes; they return the number of its attempts."""


def main() -> None:
    if len(sys.argv) > 2:
        KINDS[sys.argv[1]](Path(sys.argv[3]), int(sys.argv[2]) * 1_000_000)
        return
    reading, *_ = read_result(result_file(Path(sys.argv[1])), TABLE)
    print(json.dumps({"attempted": reading.attempted, "prompts": len(reading.prompts), "peak": peak()}))


if __name__ == "__main__":
    main()
