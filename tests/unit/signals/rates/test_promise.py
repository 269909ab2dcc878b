"""A promise's own count: more than N in W, to the letter."""

from datetime import date

import pytest

from reassay.common.calendar import parse_duration
from reassay.signals.rates.promise import exceeded, in_window
from reassay.signals.rates.watch_events import CountedIncident

MARCH = parse_duration("1 month")


def seen(*days: str) -> list[CountedIncident]:
    return [CountedIncident(date.fromisoformat(day), f"{day} {number}") for number, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (["2026-03-01", "2026-03-10", "2026-03-31"], []),
        (["2026-03-01", "2026-03-10", "2026-03-20", "2026-03-31"], ["2026-03-31"]),
        (["2026-02-28", "2026-03-10", "2026-03-20", "2026-03-28"], []),
        (["2026-03-01"] * 4, ["2026-03-01"]),
        (["2026-03-01"] * 4 + ["2026-03-02"], ["2026-03-01", "2026-03-02"]),
    ],
    ids=["as many", "one more", "the window ended", "one day", "each further one"],
)
def test_more_than_three_in_a_month(days: list[str], ends: list[str]) -> None:
    incidents = seen(*days)
    windows = exceeded(incidents, lambda _end: 3, MARCH, [incident.day for incident in incidents])
    assert [str(window.on) for window in windows] == ends


def test_one_cause_counts_once_within_a_window() -> None:
    reports = [CountedIncident(date(2026, 3, day), "cause") for day in range(1, 20)]
    assert in_window(reports, MARCH, date(2026, 3, 20)) == 1


def test_only_news_end_a_window() -> None:
    incidents = seen(*["2026-03-01"] * 5)
    assert exceeded(incidents, lambda _end: 3, MARCH, []) == ()
