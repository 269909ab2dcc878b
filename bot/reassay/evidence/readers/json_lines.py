"""JSON lines (JSONL) of any size, one object a line."""

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from reassay.evidence.readers.json_small import parsed
from reassay.evidence.readers.json_values import Json
from reassay.evidence.readers.problem_list import ProblemList

MOST_LINE: Final = 16 * 1024 * 1024
"""Bytes of a line; a longer one is skipped, with a problem."""
MOST_LINE_VALUES: Final = 500_000
"""Values of a line; a line with more is skipped, with a problem."""


class JsonLine(NamedTuple):
    """A line with an object."""

    number: int
    """From 1."""
    value: dict[str, Json]


def json_lines(stream: BinaryIO, problems: ProblemList) -> Iterator[JsonLine]:
    """Every line that is a JSON object; empty lines are passed over, and all others become problems. NaN is read as null."""
    number = 0
    while raw := stream.readline(MOST_LINE + 1):
        number += 1
        is_whole = raw.endswith(b"\n")
        if len(raw) > MOST_LINE:
            problems.add(f"a line is longer than {MOST_LINE >> 20} MiB and was not read", f"line {number}")
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MOST_LINE)
            continue
        raw = (raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw).strip()
        if not raw:
            continue
        try:
            value = parsed_line(raw)
        except ValueError:
            what = "a line is no JSON object" if is_whole else "the last line is cut off: the file is not complete"
            problems.add(what, f"line {number}")
            continue
        yield JsonLine(number, value)


def parsed_line(raw: bytes) -> dict[str, Json]:
    """The object of a line. Raises ValueError if it is none, has a key twice, is too deep, or has too many values or digits."""
    if raw.count(b",") + raw.count(b"[") + raw.count(b"{") > MOST_LINE_VALUES:
        raise ValueError("too many values")
    value = parsed(raw)
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 -- the file is wrong, not the caller
    return value
