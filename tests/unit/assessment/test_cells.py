from datetime import date, timedelta

import pytest

from reassay.assessment.cells import State, assess, summary
from reassay.assessment.schedule.queue import scheduled
from tests.make import Story, deployment, mitigation, register


def state(day: date, **fields: object) -> State:
    return assess(Story(register(mitigation(**fields)), day).assessment_input)[0].state


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 26), State.CURRENT),
        (date(2026, 11, 27), State.DUE_SOON),
        (date(2026, 12, 10), State.DUE_SOON),
        (date(2026, 12, 11), State.DUE),
        (date(2026, 12, 12), State.OVERDUE),
    ],
)
def test_due_is_a_calendar_date_and_overdue_begins_the_next_day(day: date, expected: State) -> None:
    assert state(day, last_assessed="2026-06-11") is expected


def test_grace_reads_due_and_not_overdue() -> None:
    reassess = {"every": "6 months", "grace": "1 week"}
    assert state(date(2026, 12, 18), every=None, reassess=reassess, last_assessed="2026-06-11") is State.DUE
    assert state(date(2026, 12, 19), every=None, reassess=reassess, last_assessed="2026-06-11") is State.OVERDUE


def test_an_assessment_still_to_come_is_none() -> None:
    assert state(date(2026, 12, 1), last_assessed="2027-01-01") is State.UNASSESSED


def test_retired_and_proposed_mitigations_are_never_due() -> None:
    assert state(date(2026, 12, 1), status="retired") is State.RETIRED
    cell = assess(Story(register(mitigation(status="proposed"))).assessment_input)[0]
    assert (cell.state, cell.fired) == (State.UNASSESSED, ())


def test_an_unspecified_interval_is_unknown_and_never_current() -> None:
    cell = assess(Story(register(mitigation(every="unspecified", last_assessed="2026-11-01"))).assessment_input)[0]
    assert cell.state is State.UNKNOWN
    assert cell.due is None
    assert "nobody can say when it is due" in cell.reason


def test_a_mitigation_that_serves_two_deployments_has_two_clocks() -> None:
    two = mitigation(deployments=["inside", "outside"])
    story = Story(register(two, deployment("inside", audience="internal"), deployment("outside")))
    story.sweep()
    assert story.assessment_input.history.open[0].cells == ("inside", "outside")
    story.conclude("filter")
    cells = assess(story.assessment_input)
    assert [(cell.cell, cell.state) for cell in cells] == [("inside", State.CURRENT), ("outside", State.CURRENT)]


def test_overdue_never_reads_as_effective() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    assert assess(story.assessment_input)[0].effectiveness == "effective"
    story.move_to(date(2027, 6, 2))
    cell = assess(story.assessment_input)[0]
    assert cell.state is State.OVERDUE
    assert cell.effectiveness == "was effective on 2026-12-01"


def test_imported_is_shown_as_imported_and_not_verified() -> None:
    cell = assess(Story(register(mitigation(last_assessed="2026-11-01"))).assessment_input)[0]
    assert (cell.effectiveness, cell.basis) == ("imported, not verified", "imported")


def test_the_ledger_outweighs_a_later_imported_date() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    story.register = register(mitigation(last_assessed="2027-05-01"))
    story.move_to(date(2027, 6, 2))
    assert assess(story.assessment_input)[0].state is State.OVERDUE


def test_a_first_run_opens_a_few_and_says_when_the_others_come() -> None:
    many = [mitigation(f"m{number:02}") for number in range(10)]
    story = Story(register(*many, rollout={"max_open": 4, "per_week": 3}))
    story.sweep()
    assert len(story.opened()) == 3
    waiting = {cell.subject: cell.scheduled for cell in scheduled(story.assessment_input) if cell.scheduled}
    assert len(waiting) == 7
    assert min(waiting.values()) == date(2026, 12, 8)
    assert all(cell.state is State.UNASSESSED for cell in scheduled(story.assessment_input))


def test_highest_risk_opens_first() -> None:
    inside, outside = deployment("inside", audience="internal"), deployment("outside")
    low, high = mitigation("a-low", deployments=["inside"]), mitigation("z-high", deployments=["outside"])
    story = Story(register(low, high, inside, outside, rollout={"per_week": 1}))
    story.sweep()
    assert [opened.subject for opened in story.opened()] == ["z-high"]


@pytest.mark.slow
def test_pacing_keeps_its_promise_day_by_day() -> None:
    rollout = {"max_open": 2, "per_week": 2}
    story = Story(register(*(mitigation(f"m{number}") for number in range(7)), rollout=rollout))
    for day in range(80):
        story.move_to(date(2026, 12, 1) + timedelta(days=day))
        promised = {cell.subject for cell in scheduled(story.assessment_input) if cell.scheduled}
        opened = {body.subject for body in story.sweep() if body.kind == "opened"}
        assert not opened & promised
        assert len(story.assessment_input.history.open) <= 2
        for each in story.assessment_input.history.open:
            if each.due <= story.now.date():
                story.conclude(each.subject)
    assert len(story.opened()) >= 7


def test_what_was_decided_before_is_not_paced() -> None:
    story = Story(register(*(mitigation(f"m{number}") for number in range(3)), rollout={"per_week": 3, "max_open": 3}))
    story.sweep()
    for number in range(3):
        story.conclude(f"m{number}")
    story.register = register(*(mitigation(f"m{number}", version=2) for number in range(3)), rollout={"per_week": 1})
    assert len(story.sweep()) == 3


def test_summary_counts_each_state() -> None:
    cells = assess(Story(register(mitigation("a"), mitigation("b", last_assessed="2026-11-01"))).assessment_input)
    assert summary(cells) == {"unassessed": 1, "current": 1}
