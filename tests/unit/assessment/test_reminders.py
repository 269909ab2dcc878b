from datetime import date, timedelta
from itertools import pairwise

import pytest

from reassay.assessment.schedule.reminders import Reminder, latest_reminder
from reassay.register.configuration import Configuration
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


@pytest.mark.slow
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


def all_of(settings: Configuration, days: int = 400) -> list[Reminder]:
    """Every reminder from day to day, once each."""
    start = date(2026, 12, 1)
    daily = (
        latest_reminder(DUE, date(2026, 11, 1), start + timedelta(days=offset), settings) for offset in range(days)
    )
    return list(dict.fromkeys(reminder for reminder in daily if reminder))


def test_escalated_reminders_come_every_week_and_never_fade() -> None:
    settings = configuration(reminders={"escalate_to": "chief-scientist"})
    reminders = all_of(settings, 150)
    late = [settings.working_days.between(DUE, own.day) for own in reminders[1:]]
    assert late[:6] == [0, 2, 5, 10, 15, 20]
    assert {later - earlier for earlier, later in pairwise(late[3:])} == {5}
    assert {own.day.weekday() for own in reminders[4:]} == {4}
    roles = [own.escalate_to for own in reminders]
    assert roles[:4] == [None] * 4
    assert set(roles[4:]) == {"chief-scientist"}


@pytest.mark.slow
@pytest.mark.parametrize(("after", "listed"), [(0, 0), (1, 1), (3, 2), (100, 6)])
def test_it_is_escalated_after_as_many_working_days_as_stated(after: int, listed: int) -> None:
    settings = configuration(reminders={"escalate_to": "chief-scientist", "escalate_after": after})
    first = next(own for own in all_of(settings, 200) if own.escalate_to)
    assert settings.working_days.between(DUE, first.day) == after
    assert first.number == listed + 1


def test_a_week_of_four_working_days_is_a_week() -> None:
    days = ["mon", "tue", "wed", "thu"]
    settings = configuration(reminders={"escalate_to": "chief-scientist", "working_days": days})
    escalated = [own.day for own in all_of(settings, 150) if own.escalate_to]
    assert {(later - earlier).days for earlier, later in pairwise(escalated)} == {7}


def test_a_time_without_a_role_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"escalate_after.*needs.*escalate_to"):
        configuration(reminders={"escalate_after": 5})
