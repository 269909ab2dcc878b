"""What documentation says about false alarms and detection, by simulation with fixed seeds and stated tolerances."""

import random
from pathlib import Path

import pytest

from reassay.register.lint.incident_rates import FALSE_ALARMS
from reassay.signals.rates.accepted import CalendarCeiling
from reassay.signals.rates.evidence import rate_evidence
from reassay.signals.rates.walk import walk
from tests.unit.signals.rates.series import BEGAN, YEAR, levels, on, poisson_days, stretches, walked

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "incident-rates.md"
HALF_YEARLY = list(range(182, 3652, 182))


@pytest.mark.slow
@pytest.mark.parametrize(("per_year", "rate"), [(2.0, 1.0), (6.0, 1.0), (12.0, 1.0), (6.0, 0.6)])
def test_at_or_below_the_ceiling_a_false_alarm_between_two_decisions_is_at_most_1_in_20(
    per_year: float, rate: float
) -> None:
    """Five years without a decision; 1,000 series, so the standard error is 0.7 points and the tolerance three of them."""
    generator = random.Random(f"{per_year} {rate}")
    fired = sum(
        walked(poisson_days(generator, rate * per_year, 5), (), per_year, round(5 * YEAR)).alarm is not None
        for _ in range(1000)
    )
    assert fired / 1000 <= 0.05 + 3 * 0.0069


@pytest.mark.slow
@pytest.mark.parametrize(
    ("per_year", "series", "light", "full"), [(2.0, 800, 0.19, 0.04), (6.0, 1000, 0.29, 0.06), (24.0, 250, 0.42, 0.10)]
)
def test_false_alarms_over_ten_years_of_half_yearly_decisions_are_as_stated(
    per_year: float, series: int, light: float, full: float
) -> None:
    """The tolerance is three standard errors of the number of series."""
    generator = random.Random(29)
    highest = [
        max(levels(walked(poisson_days(generator, per_year, 10), HALF_YEARLY, per_year, 3653))) for _ in range(series)
    ]
    for stated, level in ((light, 20), (full, 100)):
        error = (stated * (1 - stated) / series) ** 0.5
        assert sum(own >= level for own in highest) / series == pytest.approx(stated, abs=3 * error)


def test_the_warning_says_the_measured_figures() -> None:
    page = DOCUMENT.read_text("utf-8")
    assert "at 6 a year" in FALSE_ALARMS
    assert "light false alarm in 29% and a full one in 6%" in FALSE_ALARMS
    assert "| at least one light false alarm | 19% | 29% | 42% |" in page
    assert "| at least one in full | 4% | 6% | 10% |" in page


def rewashed(days: list[int], until: int) -> list[int]:
    """The days on which an owner decides who decides whenever the evidence has reached 5 and does not yet fire."""
    decisions: list[int] = []
    ceiling = CalendarCeiling(6 / YEAR)
    for day in sorted(set(days)):
        state = walk(stretches([own for own in days if own <= day], decisions, ceiling), BEGAN, on(day))
        if state.alarm is None and state.evidence >= 5 and day < until:
            decisions.append(day)
    return decisions


@pytest.mark.long
def test_an_owner_who_decides_whenever_the_evidence_reaches_5_is_caught_as_often_as_one_who_does_not() -> None:
    """Two years at three times a ceiling of 6 a year; 300 series, whose results differ by at most 2 points."""
    generator = random.Random(5)
    caught, washed, full, washed_full, decided = 0, 0, 0, 0, 0
    for _ in range(300):
        days = poisson_days(generator, 18, 2)
        decisions = rewashed(days, 730)
        decided += bool(decisions)
        alone, often = (levels(walked(days, own, 6, 731)) for own in ((), decisions))
        caught += max(alone) >= 20
        washed += max(often) >= 20
        full += max(alone) >= 100
        washed_full += max(often) >= 100
    assert decided > 250, "the owner hardly ever decided, so this shows nothing"
    assert caught / 300 >= 0.95
    assert abs(caught - washed) / 300 <= 0.02
    assert abs(full - washed_full) / 300 <= 0.02


@pytest.mark.long
def test_a_restart_at_each_decision_would_let_an_owner_wash_it_away() -> None:
    """The rule that is not built: what it would miss shows why a decision never lowers the evidence."""
    generator = random.Random(5)
    caught = 0
    for _ in range(300):
        accepted = incidents = 0.0
        before, fired = 0, False
        for day in poisson_days(generator, 18, 2):
            accepted, incidents, before = accepted + (day - before) * 6 / YEAR, incidents + 1, day
            evidence = rate_evidence(incidents, accepted)
            fired = fired or evidence >= 20
            if evidence >= 5:
                accepted = incidents = 0.0
        caught += fired
    assert caught / 300 < 0.3
