from datetime import date
from typing import Any

import pytest

from bot.domain.triggers import TRIGGERS, interval, interval_range, manual, mitigation_change, never_assessed
from bot.domain.triggers.base import CellFacts, Fired, LastAssessment, Pending, Request, Skipped
from tests.make import TODAY, configuration, mitigation

IMPORTED = LastAssessment(date(2026, 6, 10), "imported")
DECIDED = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001")


def facts(
    last: LastAssessment | None = None, today: date = TODAY, requests: tuple[Request, ...] = (), **fields: object
) -> CellFacts:
    return CellFacts(mitigation(**fields), "*", configuration(), today, last, requests)


def test_every_trigger_is_one_module_found_without_a_list() -> None:
    assert list(TRIGGERS) == ["interval", "interval-range", "manual", "mitigation-change", "never-assessed"]


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
    result = interval.evaluate(facts(last, today))
    assert type(result) is expected
    if isinstance(result, Fired | Pending):
        assert result.due == date(2026, 12, 10)
        assert "6 months since" in result.reason


def test_interval_without_a_figure_is_never_given_one() -> None:
    for stated in (None, "unspecified"):
        assert interval.evaluate(facts(DECIDED, every=stated)) == Skipped("interval", "no interval is stated")


def test_a_short_interval_is_not_open_all_the_time() -> None:
    weekly = LastAssessment(date(2026, 11, 30), "decided", "effective", version=1)
    result = interval.evaluate(facts(weekly, date(2026, 12, 1), every="1 week"))
    assert isinstance(result, Pending)
    assert (result.opens, result.due) == (date(2026, 12, 3), date(2026, 12, 7))


def test_interval_from_a_month_end_clamps() -> None:
    last = LastAssessment(date(2026, 8, 31), "decided", "effective", version=1)
    result = interval.evaluate(facts(last, date(2027, 2, 20)))
    assert isinstance(result, Fired)
    assert result.due == date(2027, 2, 28)


def test_never_assessed_fires_until_the_first_assessment() -> None:
    assert isinstance(never_assessed.evaluate(facts()), Fired)
    assert isinstance(never_assessed.evaluate(facts(IMPORTED)), Skipped)


@pytest.mark.parametrize(
    ("last", "version", "expected"),
    [
        (None, 1, Skipped),
        (IMPORTED, 1, Skipped),
        (DECIDED, 1, Skipped),
        (DECIDED, 2, Fired),
        (LastAssessment(date(2026, 6, 10), "decided", "effective", version=3), 2, Fired),
    ],
)
def test_mitigation_change_fires_on_another_version(last: LastAssessment | None, version: int, expected: type) -> None:
    assert type(mitigation_change.evaluate(facts(last, version=version))) is expected


TARGET: dict[str, object] = {
    "statement": "no novice gets through",
    "actor": "novice",
    "criteria": [
        {"kind": "rate", "name": "success", "at_most": 0.02, "margin": 0.005},
        {"kind": "census", "name": "trained", "at_least": 0.95},
        {"kind": "exercise", "name": "drill", "success": "rolled back within an hour"},
    ],
}


def changed(index: int | None = None, **fields: object) -> dict[str, object]:
    criteria = [dict(each) for each in TARGET["criteria"]]  # type: ignore[attr-defined] # a list of mappings
    if index is None:
        return TARGET | fields
    criteria[index] |= fields
    return TARGET | {"criteria": criteria}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (TARGET, None),
        (changed(0, at_most=0.01), None),
        (changed(0, margin=0.01), None),
        (changed(1, at_least=0.99), None),
        (changed(0, at_most=0.03), "at_most changed from 0.02 to 0.03"),
        (changed(0, margin=0.0), "margin changed from 0.005 to 0.0"),
        (changed(1, at_least=0.9), "at_least changed from 0.95 to 0.9"),
        (changed(2, success="rolled back"), "success changed"),
        (changed(criteria=[]), "criterion 'success' was removed"),
        (changed(actor="student"), "actor changed from novice to student"),
        (changed(actor=None), "actor changed from novice to unstated"),
        (changed(statement="few novices get through"), "statement was rewritten"),
        (None, "the target was removed"),
    ],
)
def test_mitigation_change_fires_when_the_target_is_loosened_and_not_when_tightened(
    now: object, words: str | None
) -> None:
    snapshot = {"target": TARGET}
    last = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", snapshot=snapshot)
    result = mitigation_change.evaluate(facts(last, target=now))
    if words is None:
        assert isinstance(result, Skipped)
    else:
        assert isinstance(result, Fired)
        assert words in result.reason


def test_a_target_assessed_that_cannot_be_read_fires_rather_than_passes() -> None:
    last = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, snapshot={"target": {"novel": 1}})
    assert isinstance(mitigation_change.evaluate(facts(last)), Fired)


def test_manual_fires_while_a_request_is_open() -> None:
    assert isinstance(manual.evaluate(facts(DECIDED)), Skipped)
    result = manual.evaluate(facts(DECIDED, requests=(Request("asked for by safety-lead: a new jailbreak", 1),)))
    assert result == Fired("manual", "asked for by safety-lead: a new jailbreak", requested_by=1)


RANGE = {"every": None, "reassess": {"every": "6 months", "at_least_after": "3 months"}}


@pytest.mark.parametrize(
    ("today", "last", "fields", "expected"),
    [
        (date(2026, 9, 9), DECIDED, RANGE, Pending),
        (date(2026, 9, 10), DECIDED, RANGE, Fired),
        (date(2026, 12, 10), DECIDED, RANGE, Fired),
        (date(2027, 6, 1), IMPORTED, RANGE, Fired),
        (TODAY, None, RANGE, Skipped),
        (TODAY, DECIDED, {}, Skipped),
    ],
)
def test_interval_range_opens_at_its_near_end_and_is_due_at_its_far_end(
    today: date, last: LastAssessment | None, fields: dict[str, Any], expected: type
) -> None:
    result = interval_range.evaluate(facts(last, today, **fields))
    assert type(result) is expected
    if isinstance(result, Fired | Pending):
        assert result.due == date(2026, 12, 10)
        assert "3 months to 6 months since" in result.reason
        assert isinstance(interval.evaluate(facts(last, today, **fields)), Skipped)


def test_a_range_without_a_far_end_or_upside_down_is_refused() -> None:
    from pydantic import ValidationError

    for reassess in ({"at_least_after": "3 months"}, {"every": "3 months", "at_least_after": "3 months"}):
        with pytest.raises(ValidationError, match=r"near end|not earlier"):
            mitigation(every=None, reassess=reassess)
