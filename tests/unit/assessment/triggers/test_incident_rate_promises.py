"""The other forms of the trigger about rates of incidents: promises, changes, commitments and severe incidents."""

from datetime import date

import pytest

from reassay.assessment.cells import assess_subject
from reassay.assessment.schedule.forecast import forecast
from reassay.assessment.triggers.base import Blind, Fired, Skipped
from reassay.register.register import RegisterObject
from tests.make import Story, commitment, deployment, mitigation, register
from tests.unit.assessment.triggers.rate_stories import (
    BEGAN,
    BURST,
    FIRST,
    RULE,
    TODAY,
    YESTERDAY,
    change,
    counted,
    every_day,
    fired,
    incident,
    incidents,
    result,
    story,
)

PROMISE = {"kind": "incident-rate", "more_than": 3, "window": "30 days"}


def test_a_promise_is_kept_to_the_letter() -> None:
    four = ["2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01"]
    assert result(story(*incidents(*four[:3]), rule=PROMISE)) == Skipped(
        "incident-rate", "3 incidents in the 30 days to today; the promise names more than 3 in 30 days"
    )
    told = story(*incidents(*four), rule=PROMISE)
    assert fired(told).reason == (
        "4 incidents in the 30 days to Wed 1 Apr 2026; the promise names more than 3 in 30 days. "
        "If these 4 were 3 causes, it would not fire"
    )
    assert isinstance(result(story(*incidents("2026-02-25", *four[1:]), rule=PROMISE)), Skipped)
    told.sweep()
    told.conclude("filter")
    assert result(told).reason.endswith("more than 3 in 30 days, and the last decision knew all of them")
    change(told, *incidents(*four, "2026-04-03"), rule=PROMISE)
    told.move_to(date(2026, 4, 4))
    assert fired(told).reason.startswith("5 incidents in the 30 days to Fri 3 Apr 2026")


@pytest.mark.parametrize("looser", [{"more_than": 30}, {"window": "1 day"}])
def test_a_looser_promise_counts_once_it_is_signed(looser: dict[str, object]) -> None:
    four = ["2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01"]
    told = story(*incidents(*four), rule=PROMISE)
    told.sweep()
    change(told, *incidents(*four), rule=PROMISE | looser)
    assert "as it was when R-2026-001 was opened (what is written now is not signed yet)" in fired(told).reason
    told.conclude("filter")
    assert isinstance(result(told), Skipped)


def test_a_promise_by_exposure() -> None:
    rule = {"kind": "incident-rate", "more_than": "2 per million requests", "window": "30 days", "exposure": "requests"}
    for use, kind in ((20_000, Fired), (60_000, Skipped)):
        told = story(*incidents("2026-03-20", "2026-03-25"), rule=rule)
        counted(told, "requests", every_day(FIRST, YESTERDAY, use), TODAY)
        assert isinstance(result(told), kind)
    told = story(*incidents("2026-03-20", "2026-03-25"), rule=rule)
    counted(told, "requests", every_day(date(2026, 3, 10), YESTERDAY, 20_000), TODAY)
    assert isinstance(result(told), Blind)


def test_a_change_between_long_intervals() -> None:
    rule = RULE | {"method": "change", "run_length": "10 years"}
    assert "the evidence of a rise is" in result(story(*incidents(*BURST[:2]), rule=rule)).reason
    burst = incidents(*BURST, "2026-04-01", "2026-04-01", "2026-04-01", "2026-04-02")
    told = story(*burst, rule=rule)
    own = fired(told)
    assert "a rise for which a false alarm comes once in 10 years or less often" in own.reason
    assert own.depth is None
    told.sweep()
    told.conclude("filter")
    assert isinstance(result(told), Skipped)


@pytest.mark.parametrize("figure", [{"accepted": "unspecified"}, {"more_than": "unspecified", "window": "1 month"}])
def test_a_promise_without_a_figure_is_unknown(figure: dict[str, object]) -> None:
    told = story(*incidents(*BURST), rule={"kind": "incident-rate", "in_words": "often", **figure})
    assert isinstance(own := result(told), Blind)
    assert "(often)" in own.reason


def test_a_promise_needs_no_first_day() -> None:
    promised = mitigation(reassess={"triggers": [PROMISE]})
    four = incidents("2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01")
    assert isinstance(result(Story(register(promised, *four), TODAY)), Fired)
    assert isinstance(result(Story(register(promised, *four[1:]), TODAY)), Skipped)


def test_it_works_for_commitments() -> None:
    promise = commitment(
        subject={"kind": "deployment"}, in_force_from="2026-02-01", triggers=[RULE], last_assessed="2026-01-31"
    )
    seen = [incident(day, f"seen-{number}", deployment="public-api") for number, day in enumerate(BURST)]
    told = Story(register(promise, deployment(), deployment("staff-app"), mitigation(), *seen), TODAY)
    assert isinstance(result(told, "public-api", "promise"), Fired)
    assert isinstance(result(told, "staff-app", "promise"), Skipped)


def test_the_ceiling_of_a_commitment_about_mitigations_is_signed_with_each_of_them() -> None:
    def promise(accepted: str) -> RegisterObject:
        return commitment(subject={"kind": "mitigation"}, triggers=[RULE | {"accepted": accepted}])

    told = Story(register(mitigation(last_assessed=str(BEGAN)), promise("6 per year"), *incidents(*BURST)), TODAY)
    told.sweep()
    told.conclude("filter")
    more = incidents(*BURST, "2026-04-10", "2026-04-12", "2026-04-13")
    told.register = register(mitigation(last_assessed=str(BEGAN)), promise("60 per year"), *more)
    told.move_to(date(2026, 4, 20))
    assert "6 per year as R-2026-001 signed it" in fired(told).reason


@pytest.mark.parametrize(
    "stated",
    [
        [],
        [{"kind": "incident-severity", "at_least": "high"}],
        [{"kind": "incident-severity", "at_least": "critical", "kinds": ["near-miss"]}],
        [{"kind": "all", "of": [{"kind": "incident-severity", "at_least": "low"}, {"kind": "model-change"}]}],
        [RULE],
    ],
    ids=["nothing", "high", "near misses", "within all", "a rate"],
)
def test_a_critical_incident_triggers_at_once_whatever_is_stated(stated: list[dict[str, object]]) -> None:
    seen = incident("2026-03-01", severity="critical")
    told = Story(register(mitigation(last_assessed=str(BEGAN), reassess={"triggers": stated}), seen), TODAY)
    (cell,) = assess_subject("filter", told.assessment_input)
    assert "incident-severity" in {own.kind for own in cell.fired}


def test_a_forecast_goes_on_with_it() -> None:
    told = story(*incidents(*BURST))
    steps = [step for step in forecast(told.assessment_input, date(2027, 12, 31)) if step.kind == "open"]
    assert steps[0].when == TODAY
    assert "incidents since" in steps[0].reason
    assert all("incidents since" not in step.reason for step in steps[1:]), "a decision settles it"
