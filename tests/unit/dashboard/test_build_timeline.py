"""What happened and what is to come, and the charts of incident rates."""

from datetime import date, timedelta

from reassay.dashboard.values import Dashboard
from reassay.register.incident import Incident
from reassay.register.register import RegisterObject
from tests.make import TODAY, Story, made, mitigation, register
from tests.unit.dashboard.building import built

UNTIL = date(2027, 12, 31)


def events(dashboard: Dashboard) -> list[tuple[date, str, str, bool]]:
    return [(own.on, own.kind, own.record, own.is_late) for own in dashboard.timeline]


def story() -> Story:
    own = Story(register(mitigation(last_assessed="2026-06-05")))
    own.sweep()
    own.move_to(date(2026, 12, 20))
    own.conclude("filter")
    return own


def test_past_and_present_without_a_forecast() -> None:
    dashboard = built(story())
    assert dashboard.planned_until is None
    assert events(dashboard) == [
        (date(2026, 6, 5), "imported", "imported", False),
        (TODAY, "opened", "R-2026-001", False),
        (date(2026, 12, 20), "decided", "R-2026-001", True),
        (date(2027, 6, 20), "due", "", False),
    ]


def test_the_forecast_goes_up_to_its_day() -> None:
    dashboard = built(story(), plan_until=UNTIL)
    assert dashboard.planned_until == UNTIL
    ahead = [own for own in dashboard.timeline if own.on > date(2026, 12, 20)]
    assert [(own.on, own.kind) for own in ahead] == [
        (date(2027, 6, 6), "will-open"),
        (date(2027, 6, 20), "due"),
        (date(2027, 12, 6), "will-open"),
        (date(2027, 12, 20), "will-be-due"),
    ]


def test_without_the_ledger_nothing_is_forecast() -> None:
    dashboard = built(story(), plan_until=UNTIL, ledger_problem="the ledger was not read.")
    assert dashboard.planned_until is None
    assert not any(own.kind.startswith("will") for own in dashboard.timeline)


def test_an_overdue_date_stays_until_it_is_decided() -> None:
    own = Story(register(mitigation(last_assessed="2026-05-01")))
    own.sweep()
    (due,) = (event for event in built(own).timeline if event.kind == "due")
    assert (due.on, due.is_late, due.record) == (date(2026, 11, 1), True, "R-2026-001")


def incident(number: int, day: date) -> RegisterObject:
    fields = {"severity": "high", "first_seen_at": f"{day}T08:00:00Z", "mitigations_failed": ["filter"]}
    return made(Incident, id=f"incident-{number}", **fields)


RATE = {"kind": "incident-rate", "accepted": "2 per year", "stated_by": "safety-lead", "since": "2026-01-01"}
WATCHED = mitigation(reassess={"triggers": [RATE]}, last_assessed="2026-11-01")


def test_a_rate_is_drawn_before_it_fires() -> None:
    own = Story(register(WATCHED, incident(1, date(2026, 3, 5))))
    (chart,) = built(own).incident_charts
    assert (chart.subject, chart.cell, chart.fired, chart.unit) == ("filter", "*", (), "")
    assert (chart.days[0].on, chart.days[-1].on) == (date(2026, 1, 1), TODAY)
    assert chart.days[-1].incidents == 1
    assert chart.days[-1].accepted is not None
    assert (chart.days[-1].fires_at or 0) > 1
    assert [own.is_settled for own in (chart.days[0], chart.days[-1])] == [True, False]
    assert "1 incident from" in chart.words


def test_one_that_has_fired_comes_first_with_its_day() -> None:
    days = [date(2026, 10, 1) + timedelta(days=number) for number in range(12)]
    other = mitigation("a-calm-one", reassess={"triggers": [RATE]}, last_assessed="2026-11-01")
    own = Story(register(other, WATCHED, *(incident(number, day) for number, day in enumerate(days))))
    first, second = built(own).incident_charts
    assert (first.subject, second.subject) == ("filter", "a-calm-one")
    assert first.fired
    assert second.fired == ()


def test_a_watch_that_nobody_can_compute_has_no_chart() -> None:
    blind = {"kind": "incident-rate", "accepted": "2 per year", "stated_by": "safety-lead"}
    own = Story(register(mitigation(reassess={"triggers": [blind]})))
    dashboard = built(own)
    assert dashboard.incident_charts == ()
    assert dashboard.cells[0].is_blind
