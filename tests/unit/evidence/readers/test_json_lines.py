"""JSON lines: whatever cannot be read is a problem, and never silently left out."""

import io

import pytest

from reassay.evidence.readers import json_lines as module
from reassay.evidence.readers.json_lines import json_lines
from reassay.evidence.readers.problem_list import ProblemList


def read(raw: bytes) -> tuple[list[tuple[int, object]], tuple[str, ...]]:
    problems = ProblemList()
    return [(line.number, line.value) for line in json_lines(io.BytesIO(raw), problems)], problems.sentences()


def test_lines_have_their_number_and_empty_ones_are_passed_over() -> None:
    assert read(b'\xef\xbb\xbf{"a": 1}\r\n\n{"a": NaN}\n') == ([(1, {"a": 1}), (3, {"a": None})], ())


def test_the_last_line_needs_no_end_if_it_is_whole() -> None:
    assert read(b'{"a": 1}') == ([(1, {"a": 1})], ())


def test_a_cut_off_last_line_is_a_problem() -> None:
    assert read(b'{"a": 1}\n{"a": ') == (
        [(1, {"a": 1})],
        ("the last line is cut off: the file is not complete (line 2)",),
    )


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"[1]",
        b"3",
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 100_000 + b"}",
        b'{"a": "\xff"}',
        b'{"a": [' + b"1," * 600_000 + b"1]}",
    ],
)
def test_a_line_that_is_no_object_is_a_problem(line: bytes) -> None:
    lines, problems = read(line + b'\n{"a": 1}\n' + line + b"\n")
    assert lines == [(2, {"a": 1})]
    assert problems == ("a line is no JSON object (2 times, first line 1)",)


def test_a_long_line_is_skipped_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINE", 1 << 20)
    lines, problems = read(b'{"a": "' + b"x" * 5_000_000 + b'"}\n{"a": 1}\n')
    assert lines == [(2, {"a": 1})]
    assert problems == ("a line is longer than 1 MiB and was not read (line 1)",)


def test_problems_of_many_kinds_are_bounded() -> None:
    problems = ProblemList()
    for number in range(1_000):
        problems.add(f"kind {number} " + "x" * 500)
    assert len(problems.sentences()) == 51
    assert max(len(sentence) for sentence in problems.sentences()) <= 300
    assert problems.sentences()[-1] == "950 more problems of other kinds are not listed"
