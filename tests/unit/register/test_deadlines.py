"""Generic deadlines: anchors, units and calendars of statutes and frameworks."""

from datetime import UTC, date, datetime

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.calendar import WorkingDays
from reassay.register.deadlines import Deadline

FRIDAY = datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
WORKING = WorkingDays(holidays=frozenset({date(2026, 12, 7)}))


STARTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- its bounds have none


def deadline(count: int, unit: str, **fields: object) -> Deadline:
    return Deadline(anchor="discovered", count=count, unit=unit, **fields)  # type: ignore[arg-type] # a table of units


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        (deadline(24, "hours"), datetime(2026, 12, 5, 15, 30, tzinfo=UTC)),
        (deadline(15, "days"), datetime(2026, 12, 19, 15, 30, tzinfo=UTC)),
        (deadline(2, "weeks"), datetime(2026, 12, 18, 15, 30, tzinfo=UTC)),
        (deadline(3, "months"), datetime(2027, 3, 4, 15, 30, tzinfo=UTC)),
        (deadline(1, "days", calendar="business"), datetime(2026, 12, 8, 23, 59, 59, 999999, tzinfo=UTC)),
        (deadline(3, "days", calendar="business"), datetime(2026, 12, 10, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_clocks_run_out_when_they_should(clock: Deadline, end: datetime) -> None:
    assert clock.end(FRIDAY, WORKING, "UTC") == end


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (deadline(1, "days"), "1 day from discovered"),
        (deadline(3, "days", calendar="business"), "3 business days from discovered"),
        (deadline(24, "hours", circumstance="imminent-injury"), "24 hours from discovered (imminent-injury)"),
    ],
)
def test_deadlines_say_themselves(clock: Deadline, words: str) -> None:
    assert clock.words() == words


@pytest.mark.slow
@given(STARTS, st.integers(1, 200), st.sampled_from(["days", "weeks", "months", "hours"]))  # fmt: skip
def test_the_calendar_agrees_with_dateutil(start: datetime, count: int, unit: str) -> None:
    begin = start
    assert deadline(count, unit).end(begin, WORKING, "UTC") == begin + relativedelta(**{unit: count})  # type: ignore[arg-type] # a unit


@pytest.mark.slow
@given(STARTS, st.integers(1, 60))
def test_business_days_are_never_sooner_and_never_end_on_a_day_off(start: datetime, count: int) -> None:
    begin = start
    end = deadline(count, "days", calendar="business").end(begin, WORKING, "UTC")
    assert end.date() >= begin.date() + relativedelta(days=count)
    assert WORKING.is_working(end.date())
    assert WORKING.between(begin.date(), end.date()) == count
