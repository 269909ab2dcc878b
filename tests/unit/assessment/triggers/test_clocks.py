"""Triggers that fire because time has passed."""

from datetime import date

import pytest
from pydantic import ValidationError

from reassay.assessment.rules import evaluate
from reassay.assessment.triggers import manual, never_assessed
from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, ManualRequest, Pending, Skipped, Waiver
from reassay.register.base import Depth
from reassay.register.trigger_specs import AnyTrigger
from tests.make import TODAY, commitment, facts, mitigation, trigger

IMPORTED = LastAssessment(date(2026, 6, 10), "imported")
DECIDED = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", depth=Depth.LIGHT)
HALF_YEARLY = trigger("interval", every="6 months")
RANGE = trigger("interval-range", every="6 months", at_least_after="3 months")
UNLESS = trigger(
    "interval-unless", every="6 months", unless=[{"id": "update-follows", "text": "an update", "within": "1 month"}]
)


@pytest.mark.parametrize(
    ("today", "last", "expected"),
    [
        (date(2026, 11, 25), DECIDED, Pending),
        (date(2026, 11, 26), DECIDED, Fired),
        (date(2026, 12, 10), IMPORTED, Fired),
        (date(2029, 1, 1), IMPORTED, Fired),
        (TODAY, None, Skipped),
    ],
)
def test_interval_opens_softly_a_fortnight_before_it_is_due(
    today: date, last: LastAssessment | None, expected: type
) -> None:
    result = evaluate(HALF_YEARLY, facts(mitigation(), last=last, today=today))
    assert type(result) is expected
    if isinstance(result, Fired | Pending):
        assert result.due == date(2026, 12, 10)
        assert "6 months since" in result.reason


def test_interval_without_a_figure_is_never_given_one() -> None:
    stated = trigger("interval", every="unspecified")
    words = "an interval without a figure is promised, so nobody can say when it is due"
    assert evaluate(stated, facts(mitigation(), last=DECIDED)) == Blind("interval", words)


def test_an_approximate_interval_says_so() -> None:
    about = trigger("interval", every="1 year", approximate=True)
    result = evaluate(about, facts(mitigation(), last=DECIDED))
    assert result.reason.startswith("about 1 year since")


def test_a_short_interval_is_not_open_all_the_time() -> None:
    weekly = LastAssessment(date(2026, 11, 30), "decided", "effective", version=1)
    result = evaluate(trigger("interval", every="1 week"), facts(mitigation(), last=weekly))
    assert isinstance(result, Pending)
    assert (result.opens, result.due) == (date(2026, 12, 3), date(2026, 12, 7))


def test_interval_from_a_month_end_clamps() -> None:
    last = LastAssessment(date(2026, 8, 31), "decided", "effective", version=1)
    result = evaluate(HALF_YEARLY, facts(mitigation(), last=last, today=date(2027, 2, 20)))
    assert isinstance(result, Fired)
    assert result.due == date(2027, 2, 28)


@pytest.mark.parametrize(
    "yearly",
    [
        trigger("interval", every="1 year", depth="full"),
        trigger("interval-range", every="1 year", at_least_after="3 months", depth="full"),
    ],
    ids=lambda spec: spec.kind,
)
def test_a_light_assessment_does_not_restart_the_clock_of_a_full_one(yearly: AnyTrigger) -> None:
    in_full = LastAssessment(date(2026, 1, 10), "decided", "effective", version=1, depth=Depth.FULL)
    result = evaluate(yearly, facts(mitigation(), last=DECIDED, last_full=in_full))
    assert isinstance(result, Fired | Pending)
    assert result.due == date(2027, 1, 10)
    never = evaluate(yearly, facts(mitigation(), last=DECIDED))
    assert isinstance(never, Fired)
    assert "never assessed in full" in never.reason
    imported = evaluate(yearly, facts(mitigation(), last=IMPORTED))
    assert isinstance(imported, Fired | Pending), "an imported one of unknown depth counts"


@pytest.mark.parametrize(
    ("today", "last", "expected"),
    [
        (date(2026, 9, 9), DECIDED, Pending),
        (date(2026, 9, 10), DECIDED, Fired),
        (date(2026, 12, 10), DECIDED, Fired),
        (date(2027, 6, 1), IMPORTED, Fired),
        (TODAY, None, Skipped),
    ],
)
def test_interval_range_opens_at_its_near_end_and_is_due_at_its_far_end(
    today: date, last: LastAssessment | None, expected: type
) -> None:
    result = evaluate(RANGE, facts(mitigation(), last=last, today=today))
    assert type(result) is expected
    if isinstance(result, Fired | Pending):
        assert result.due == date(2026, 12, 10)
        assert "3 months to 6 months since" in result.reason


def test_a_range_without_a_far_end_or_upside_down_is_refused() -> None:
    for reassess in ({"at_least_after": "3 months"}, {"every": "3 months", "at_least_after": "3 months"}):
        with pytest.raises(ValidationError, match=r"shorter end|not earlier"):
            mitigation(every=None, reassess=reassess)
    with pytest.raises(ValidationError, match="not earlier"):
        trigger("interval-range", every="90 days", at_least_after="3 months")


UNTIL = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        (None, Fired),
        (Waiver("update-follows", UNTIL, (1, 2)), Pending),
        (Waiver("update-follows", UNTIL, ()), Fired),
        (Waiver("update-follows", date(2026, 11, 30), (1, 2)), Fired),
        (Waiver("update-follows", TODAY, (1,)), Pending),
        (Waiver("something-else", UNTIL, (1, 2)), Fired),
    ],
    ids=["none", "signed", "not signed", "expired yesterday", "last day", "another ground"],
)
def test_interval_unless_is_waived_only_by_what_is_true_and_signed_and_unexpired(
    waiver: Waiver | None, expected: type
) -> None:
    result = evaluate(UNLESS, facts(mitigation(), last=DECIDED, waivers=(waiver,) if waiver else ()))
    assert type(result) is expected
    if isinstance(result, Fired):
        assert result.due == date(2026, 12, 10)
        assert "nobody has signed that 'update-follows' holds" in result.reason
    elif waiver is not None and isinstance(result, Pending):
        assert f"waived until {waiver.until}" in result.reason
        assert result.opens == date.fromordinal(waiver.until.toordinal() + 1)


def test_interval_unless_has_nothing_to_do_before_its_time_or_before_the_first_assessment() -> None:
    assert isinstance(evaluate(UNLESS, facts(mitigation())), Skipped)
    early = facts(mitigation(), last=DECIDED, today=date(2026, 9, 1))
    assert isinstance(evaluate(UNLESS, early), Pending)


def test_never_assessed_fires_until_the_first_assessment() -> None:
    assert isinstance(never_assessed.evaluate(facts(mitigation())), Fired)
    assert isinstance(never_assessed.evaluate(facts(mitigation(), last=IMPORTED)), Skipped)


YEARLY = {"kind": "interval", "every": "1 year"}
GROWN = {"kind": "metric-ratio", "metric": "effective_compute", "ratio": 4}
SEVERE = {"kind": "incident-severity", "at_least": "high"}


@pytest.mark.parametrize(
    ("fields", "expected", "due"),
    [
        ({"triggers": [YEARLY]}, Fired, None),
        ({"triggers": [YEARLY], "in_force_from": "2026-06-01"}, Pending, date(2027, 6, 1)),
        ({"triggers": [YEARLY], "in_force_from": "2025-12-10"}, Fired, date(2026, 12, 10)),
        (
            {"triggers": [{"kind": "any", "of": [YEARLY, SEVERE]}], "in_force_from": "2026-06-01"},
            Pending,
            date(2027, 6, 1),
        ),
        ({"triggers": [{"kind": "all", "of": [YEARLY, SEVERE]}]}, Skipped, None),
        ({"triggers": [SEVERE]}, Skipped, None),
        ({"triggers": [GROWN]}, Fired, None),
        ({"triggers": [GROWN | {"relative_to": "base_compute"}]}, Skipped, None),
        ({"triggers": [{"kind": "interval", "every": "unspecified"}]}, Skipped, None),
    ],
)
def test_a_commitment_is_due_an_interval_after_it_came_into_force(
    fields: dict[str, object], expected: type, due: date | None
) -> None:
    result = never_assessed.evaluate(facts(commitment(**fields)))
    assert type(result) is expected
    if isinstance(result, Fired | Pending):
        assert result.due == due


def test_manual_fires_while_a_request_is_open() -> None:
    assert isinstance(manual.evaluate(facts(mitigation(), last=DECIDED)), Skipped)
    asked = facts(mitigation(), last=DECIDED, requests=(ManualRequest("asked for by safety-lead: a new jailbreak", 1),))
    assert manual.evaluate(asked) == Fired("manual", "asked for by safety-lead: a new jailbreak", requested_by=1)
