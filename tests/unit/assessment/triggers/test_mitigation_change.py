from datetime import date

import pytest

from reassay.assessment.triggers import mitigation_change
from reassay.assessment.triggers.base import Fired, LastAssessment, Skipped
from tests.make import facts, mitigation

IMPORTED = LastAssessment(date(2026, 6, 10), "imported")
DECIDED = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001")


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
    assert type(mitigation_change.evaluate(facts(mitigation(version=version), last=last))) is expected


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
    snapshot = {"mitigation": {"target": TARGET}}
    last = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", snapshot=snapshot)
    result = mitigation_change.evaluate(facts(mitigation(target=now), last=last))
    if words is None:
        assert isinstance(result, Skipped)
    else:
        assert isinstance(result, Fired)
        assert words in result.reason


def test_a_target_assessed_that_cannot_be_read_fires_rather_than_passes() -> None:
    last = LastAssessment(
        date(2026, 6, 10), "decided", "effective", version=1, snapshot={"mitigation": {"target": {"novel": 1}}}
    )
    assert isinstance(mitigation_change.evaluate(facts(mitigation(), last=last)), Fired)
