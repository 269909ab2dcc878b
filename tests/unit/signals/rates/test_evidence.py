"""The evidence of a stated ceiling: the formula, the table that documentation prints, and its edges."""

import json
import math
import re
from fractions import Fraction
from pathlib import Path

import pytest

from reassay.signals.rates.evidence import (
    BETS,
    firing_count,
    level_reached,
    log_evidence,
    next_level,
    rate_evidence,
    reaches,
)

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "closing_refs.json"  # beside the checkout
OWN = Path(__file__).with_name("reference_evidence.json")
DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "incident-rates.md"
ACCEPTED = (0.25, 0.5, 1, 2, 4, 8, 12)
FIRES = {20: (4, 4, 5, 8, 11, 17, 23), 100: (4, 5, 7, 9, 13, 20, 26)}


@pytest.mark.parametrize("level", FIRES)
def test_the_table_of_the_design_is_what_the_code_computes(level: int) -> None:
    assert tuple(firing_count(number, level) for number in ACCEPTED) == FIRES[level]


def test_the_table_of_the_documentation_is_what_the_code_computes() -> None:
    rows = [re.findall(r"[\d.]+", line) for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    accepted = next(tuple(map(float, row)) for row in rows if row[:1] == ["0.25"])
    for level in (20, 100, 500, 2500):
        row = next(row for row in rows if row[:1] == [f"{level:g}"])
        assert tuple(map(int, row[1:])) == tuple(firing_count(number, level) for number in accepted)


@pytest.mark.parametrize("source", [OWN, SHARED], ids=["own", "shared"])
def test_the_evidence_is_that_of_the_references(source: Path) -> None:
    if not source.exists():
        pytest.skip("the shared references are not beside this checkout")
    document = json.loads(source.read_text("utf-8"))
    rows = document if isinstance(document, list) else document["incident"]
    assert rows
    for row in rows:
        assert rate_evidence(row["incidents"], row["accepted"]) == pytest.approx(row["E"], rel=1e-12)


@pytest.mark.parametrize("accepted", [0.0, 0.1, 1.0, 7.5, 40.0])
@pytest.mark.parametrize("incidents", [0, 1, 5, 30])
def test_the_evidence_is_the_formula(incidents: int, accepted: float) -> None:
    written = ((1.5, 0.3), (2, 0.3), (3, 0.2), (5, 0.1), (8, 0.1))
    exact = math.fsum(w * float(Fraction(r) ** incidents) * math.exp(-(r - 1) * accepted) for r, w in written)
    assert rate_evidence(incidents, accepted) == pytest.approx(exact, rel=1e-12)


def test_the_evidence_is_1_where_nothing_is_known() -> None:
    assert math.fsum(BETS.values()) == pytest.approx(1, abs=1e-15)
    assert log_evidence(0, 0) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("accepted", [0.25, 1.0, 3.0, 12.0])
@pytest.mark.parametrize("rate", [1.0, 0.7])
def test_its_mean_at_or_below_the_ceiling_is_at_most_1(accepted: float, rate: float) -> None:
    mean = rate * accepted
    chances = (math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(400))
    total = math.fsum(chance * rate_evidence(k, accepted) for k, chance in enumerate(chances))
    assert total <= 1 + 1e-9
    assert rate < 1 or total == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("accepted", [0.0, 0.03, 1.0, 250.0, 1e6])
@pytest.mark.parametrize("level", [20.0, 100.0, 500.0, 12_500.0])
def test_the_firing_count_is_the_least_that_reaches_the_level(accepted: float, level: float) -> None:
    count = firing_count(accepted, level)
    assert reaches(count, accepted, level)
    assert not reaches(count - 1, accepted, level)


def test_levels_follow_by_a_step_of_five_and_never_end() -> None:
    levels = [next_level(0)]
    while len(levels) < 6:
        levels.append(next_level(levels[-1]))
    assert levels == [20, 100, 500, 2500, 12_500, 62_500]


@pytest.mark.parametrize(
    ("incidents", "accepted", "level"),
    [(0, 0.0, 0), (4, 1.0, 0), (5, 1.0, 20), (7, 1.0, 100), (8, 1.0, 500), (10**6, 0.0, None)],
)
def test_the_level_reached(incidents: int, accepted: float, level: float | None) -> None:
    reached = level_reached(incidents, accepted)
    assert math.isfinite(reached)
    assert level is None or reached == level


@pytest.mark.parametrize(("incidents", "accepted"), [(-1, 1), (1, -1), (math.nan, 1), (1, math.inf)])
def test_impossible_numbers_are_refused(incidents: float, accepted: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        log_evidence(incidents, accepted)
