"""A value of a report may be of any type: each value of a real one in turn is replaced by one of every type."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from reassay.evidence.readers import garak, inspect_ai, lm_eval, promptfoo, pyrit
from reassay.evidence.readers.base import EvidenceReader, ResultOptions, UnreadableResultError
from tests.unit.evidence.readers.result_lab import file_of, fixture, lines_of, rows_of

ODD: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e300,
    2**62,
    "",
    "x",
    "\ud800",
    float("inf"),
    float("nan"),
    [-1, 5],
    [5, -1],
    [],
    [[]],
    {},
    {"x": 1},
    [None, 1],
)
QUICK: tuple[object, ...] = ([], {"x": 1}, True)
EVERY = pytest.mark.parametrize(
    "odd_values", [QUICK, pytest.param(ODD, marks=pytest.mark.long)], ids=["quick", "every"]
)
OPTIONS = ResultOptions(slice_by=("language",), cluster_by="seed")
Path = tuple[str | int, ...]


def paths(value: object, start: Path = ()) -> Iterator[Path]:
    """Places of all values; of a list only those of its first and last item."""
    yield start
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*start, key))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1} & set(range(len(value)))):
            yield from paths(value[index], (*start, index))


def replaced(value: object, path: Path, odd: object) -> object:
    """A copy with another value at a place."""
    holder: list[Any] = [copy.deepcopy(value)]
    target: Any = holder
    *way, last = (0, *path)
    for step in way:
        target = target[step]
    target[last] = odd
    return holder[0]


def read_all(reader: EvidenceReader, raw: bytes) -> None:
    """A file is read or refused, and nothing else; counts always add up."""
    file = file_of(raw)
    if not reader.recognises(file):
        return
    try:
        said = reader.read(file, OPTIONS)
    except UnreadableResultError:
        return
    for reading in said:
        assert reading.attempted == sum(number for _, number in reading.totals) + reading.unscored + reading.errored


@EVERY
def test_garak_reads_every_row_with_a_value_of_any_type(odd_values: tuple[object, ...]) -> None:
    rows = rows_of(fixture("garak", "0.17.1_mixed.report.jsonl"))
    rows = [*rows[:2], rows[2], next(row for row in rows if row.get("status") == 2), *rows[-2:]]
    for place, row in enumerate(rows):
        for path in paths(row):
            for odd in odd_values:
                changed = [*rows[:place], replaced(row, path, odd), *rows[place + 1 :]]
                read_all(garak.READER, lines_of(changed))


@pytest.mark.slow
@EVERY
@pytest.mark.parametrize(
    ("reader", "folder", "name", "rows"),
    [
        (promptfoo.READER, "promptfoo", "0.123.1_red_team.json", ("results", "results")),
        (promptfoo.READER, "promptfoo", "0.123.1_two_providers.json", ("results", "results")),
        (promptfoo.READER, "promptfoo", "0.58.0_eval.json", ("results", "results")),
        (pyrit.READER, "pyrit", "1.1.0_scenario_result.json", ("attack_results", "prompt_sending")),
        (pyrit.READER, "pyrit", "1.1.0_attack_results.json", ()),
        (inspect_ai.READER, "inspect", "plain-0.3.20.json", ("samples",)),
        (lm_eval.READER, "lm-eval", "results_2026-11-30T03-18-35.498107.json", ()),
    ],
)
def test_a_document_with_a_value_of_any_type_is_read_or_refused(
    reader: EvidenceReader, folder: str, name: str, rows: Path, odd_values: tuple[object, ...]
) -> None:
    document = json.loads(fixture(folder, name))
    inner = document
    for step in rows:
        inner = inner[step]
    if isinstance(inner, list):
        del inner[2:]
    for path in paths(document):
        for odd in odd_values:
            read_all(reader, json.dumps(replaced(document, path, odd)).encode())
