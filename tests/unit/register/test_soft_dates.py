"""Intervals that a framework states as "about": counted as the figure, said as stated, and refused where a figure is needed."""

from datetime import date

import pytest

from reassay.assessment.cells import assess
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.common.calendar import Duration, parse_duration
from reassay.imports.durations import read_cadence
from tests.make import TODAY, Story, mitigation, register
from tests.unit.register.trees import read


@pytest.mark.parametrize(
    ("text", "figure", "words"),
    [
        ("about a month", "P1M", "about 1 month"),
        ("~6 months", "P6M", "about 6 months"),
        ("approximately 1 year", "P1Y", "about 1 year"),
        ("circa P6M", "P6M", "about 6 months"),
        ("Around 2 weeks", "P2W", "about 2 weeks"),
    ],
)
def test_an_about_is_read_as_the_figure_and_said(text: str, figure: str, words: str) -> None:
    duration = parse_duration(text)
    assert duration.is_same_time(parse_duration(figure))
    assert duration.words() == str(duration) == words
    assert parse_duration(str(duration)) == duration
    assert duration.after(TODAY) == parse_duration(figure).after(TODAY)


@pytest.mark.parametrize("text", ["about", "about soon", "~", "month about"])
def test_an_about_without_a_figure_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_it_is_due_at_the_figure_and_the_reason_says_about() -> None:
    (soft,), (exact,) = (
        assess(Story(register(mitigation(every=every, last_assessed="2026-10-01"))).assessment_input)
        for every in ("about 6 months", "6 months")
    )
    assert soft.due == exact.due == date(2027, 4, 1)
    assert "about 6 months since" in " ".join(result.reason for result in soft.results)


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("6 months", "about 6 months", Direction.NEUTRAL),
        ("about 6 months", "6 months", Direction.NEUTRAL),
        ("about 6 months", "about 7 months", Direction.LOOSER),
        ("6 months", "about 7 months", Direction.LOOSER),
        ("about 6 months", "5 months", Direction.TIGHTER),
    ],
)
def test_its_changes_go_by_the_figure(before: str, after: str, direction: Direction) -> None:
    (change,) = compare(register(mitigation(every=before)), register(mitigation(every=after)), TODAY)
    assert change.direction is direction


def test_where_an_exact_time_is_needed_check_says_which() -> None:
    text = "id: f\ntitle: F\nowner: o\nreassess: {every: about 6 months, grace: about 1 week}\n"
    (finding,) = read({"framework/mitigations/f.yml": text}).errors
    assert (finding.code, finding.at.line) == ("about-a-figure", 4)
    assert finding.remedy == "Write '1 week'."


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("approx. annually", "about 1 year"),
        ("~6 months", "about 6 months"),
        ("about every two years", "about 2 years"),
        ("about 3 to 6 months", "3 months to about 6 months"),
        ("at least every 6 months", "6 months"),
    ],
)
def test_a_spreadsheet_keeps_it(cell: str, words: str) -> None:
    cadence = read_cadence(cell).value
    assert cadence is not None
    assert cadence.words() == words
    assert read_cadence(words).value == cadence


def test_equal_figures_are_the_same_time() -> None:
    assert Duration(6).is_same_time(Duration(6, is_about=True))
    assert Duration(6) != Duration(6, is_about=True)
