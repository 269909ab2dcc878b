"""Fixed sequences of dates, and dates that are days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reassay.assessment.cells import State
from reassay.common.calendar import WorkingDays
from reassay.ledger.entry import Opened
from reassay.register.schedules import Schedule
from tests.make import Story, commitment, mitigation, register, trigger

HALVES = Schedule.model_validate({"interval": "6 months", "from": "schedule", "starting": "2026-01-15"})


@pytest.mark.parametrize(
    ("decided", "due"),
    [
        ((), "2026-01-15"),
        (("2025-06-01",), "2026-01-15"),
        (("2026-01-10",), "2026-07-15"),
        (("2026-01-15",), "2026-07-15"),
        (("2026-01-16",), "2026-07-15"),
        (("2026-01-10", "2026-01-12"), "2026-07-15"),
        (("2026-01-10", "2026-01-20"), "2027-01-15"),
        (("2026-01-10", "2026-07-20", "2026-12-30"), "2027-07-15"),
        (("2027-08-01",), "2028-01-15"),
    ],
    ids=["never", "before it", "early", "on the day", "late", "twice in one period", "in two periods", "late and early",
         "skipped"],
)  # fmt: skip
def test_one_decision_keeps_one_period_whatever_happened(decided: tuple[str, ...], due: str) -> None:
    days = tuple(date.fromisoformat(day) for day in decided)
    assert HALVES.date_of(
        HALVES.next_number(days, WorkingDays(), date(2026, 1, 1)), WorkingDays()
    ) == date.fromisoformat(due)


@pytest.mark.parametrize(("roll", "due"), [("none", "2027-05-30"), ("next", "2027-06-01"), ("previous", "2027-05-28")])
def test_a_day_off_becomes_the_next_or_the_previous_working_day(roll: str, due: str) -> None:
    stated = {"interval": "1 month", "from": "schedule", "starting": "2027-01-30", "roll": roll}
    working = WorkingDays(holidays=frozenset({date(2027, 5, 31)}))
    assert Schedule.model_validate(stated).date_of(4, working) == date.fromisoformat(due)


def test_month_ends_clamp_without_drift() -> None:
    ends = Schedule.model_validate({"interval": "1 month", "from": "schedule", "starting": "2027-01-31"})
    dates = [ends.date_of(number, WorkingDays()) for number in range(4)]
    assert [str(day) for day in dates] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 24), st.sampled_from(["none", "next", "previous"]))
def test_whoever_decides_on_each_due_date_meets_each_once(start: date, months: int, roll: str) -> None:
    stated = {"interval": f"{months} months", "from": "schedule", "starting": str(start), "roll": roll}
    schedule = Schedule.model_validate(stated)
    decided: list[date] = []
    for number in range(8):
        assert schedule.next_number(tuple(decided), WorkingDays(), date(1990, 1, 1)) == number
        decided.append(schedule.date_of(number, WorkingDays()))
        assert roll == "none" or decided[-1].weekday() < 5
    assert sorted(set(decided)) == decided


@pytest.mark.parametrize(
    "wrong",
    [{"from": "schedule"}, {"starting": "2027-01-15"}, {"from": "always"}, {"roll": "back"}, {"every": "1 year"}],
)
def test_half_a_schedule_is_an_error(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        trigger("interval", every={"interval": "6 months"} | wrong)


@pytest.mark.slow
def test_it_opens_and_is_due_as_its_text_says() -> None:
    stated = {"interval": "6 months", "from": "schedule", "starting": "2027-01-16", "roll": "next"}
    story = Story(register(commitment("audit", triggers=[{"kind": "interval", "every": stated}])), date(2027, 1, 1))
    (cell,) = story.assessment_input.cells
    assert (cell.state, cell.due) == (State.CURRENT, date(2027, 1, 18))
    opened: list[tuple[date, date]] = []
    while story.now.date() < date(2029, 1, 1):
        story.now += timedelta(days=1)
        opened += [(story.now.date(), body.due) for body in story.sweep() if isinstance(body, Opened)]
        each = story.assessment_input.history.open_for("audit")
        if each is not None and story.now.date() == each.due + timedelta(days=3):
            story.conclude("audit")
    assert opened == [
        (date(2027, 1, 4), date(2027, 1, 18)), (date(2027, 7, 2), date(2027, 7, 16)), (date(2028, 1, 3), date(2028, 1, 17)),
        (date(2028, 7, 3), date(2028, 7, 17)),
    ]  # fmt: skip


def test_a_mitigation_has_a_schedule_too() -> None:
    stated = {"interval": "6 months", "from": "schedule", "starting": "2027-01-15"}
    story = Story(register(mitigation(every=stated, last_assessed="2026-11-02")), date(2026, 12, 1))
    assert story.assessment_input.cells[0].due == date(2027, 1, 15)
    story.move_to(date(2027, 1, 2))
    story.sweep()
    assert story.conclude("filter").next_due[0].due == date(2027, 7, 15)
    assert story.sweep() == ()
