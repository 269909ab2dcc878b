from datetime import date, timedelta
from itertools import pairwise

import pytest

from reassay.assessment.schedule.reminders import latest_reminder
from tests.make import configuration

DUE = date(2026, 12, 11)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 3), None),
        (date(2026, 12, 4), (0, date(2026, 12, 4))),
        (date(2026, 12, 5), None),
        (date(2026, 12, 11), (1, date(2026, 12, 11))),
        (date(2026, 12, 14), (1, date(2026, 12, 11))),
        (date(2026, 12, 15), (2, date(2026, 12, 15))),
        (date(2026, 12, 18), (3, date(2026, 12, 18))),
        (date(2026, 12, 25), (4, date(2026, 12, 25))),
        (date(2027, 2, 5), (6, date(2027, 2, 5))),
        (date(2027, 4, 2), (7, date(2027, 4, 2))),
    ],
)
def test_reminders_back_off_in_working_days(today: date, expected: tuple[int, date] | None) -> None:
    found = latest_reminder(DUE, date(2026, 11, 20), today, configuration())
    assert (found and (found.number, found.day)) == expected


def test_holidays_are_respected() -> None:
    settings = configuration(reminders={"holidays": ["2026-12-11"]})
    assert latest_reminder(DUE, date(2026, 11, 20), DUE, settings) is None
    found = latest_reminder(DUE, date(2026, 11, 20), date(2026, 12, 14), settings)
    assert found is not None
    assert (found.number, found.day) == (1, date(2026, 12, 14))


def test_the_opening_itself_is_the_news() -> None:
    assert latest_reminder(DUE, date(2026, 12, 4), date(2026, 12, 7), configuration()) is None


def test_reminders_never_come_faster_than_before() -> None:
    settings = configuration()
    days = [
        found.day
        for offset in range(400)
        if (found := latest_reminder(DUE, date(2026, 11, 1), date(2026, 12, 1) + timedelta(days=offset), settings))
    ]
    distinct = list(dict.fromkeys(days))
    gaps = [settings.working_days.between(earlier, later) for earlier, later in pairwise(distinct[1:])]
    assert gaps == sorted(gaps)
    assert len(distinct) < 14
