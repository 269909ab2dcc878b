"""Triggers that look at what is deployed: figures of a model, and which model it is."""

from datetime import date

import pytest
from pydantic import ValidationError

from reassay.assessment.rules import evaluate
from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, Result, Skipped
from reassay.register.model import Model
from reassay.register.register import RegisterObject
from tests.make import commitment, deployment, facts, mitigation, model, trigger

API = deployment(model="large")
SERVING = mitigation(deployments=["public-api"])


def assessed(version: str = "1", **metrics: float) -> LastAssessment:
    """An assessment of `large` in that version, with those figures."""
    written = {"id": "large", "version": version, "metrics": metrics}
    return remembered({"models_by_cell": {"public-api": ["large"]}, "models": {"large": written}})


def remembered(snapshot: dict[str, object] | None) -> LastAssessment:
    return LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", snapshot=snapshot)


IMPORTED = LastAssessment(date(2026, 6, 10), "imported")
FOURFOLD = trigger("metric-ratio", metric="effective_compute", ratio=4)


def ratio(last: LastAssessment | None, *models: Model) -> Result:
    return evaluate(FOURFOLD, facts(SERVING, API, *models, cell="public-api", last=last))


@pytest.mark.parametrize(
    ("last", "now", "expected", "words"),
    [
        (assessed(effective_compute=1e25), 3.999e25, Skipped, "the limit is 4 times"),
        (assessed(effective_compute=1e25), 4e25, Fired, "is 4e+25, and was 1e+25 in R-2026-001"),
        (assessed(effective_compute=1e25), 1e26, Fired, "limit is 4 times"),
        (assessed(effective_compute=4e25), 4e25, Skipped, "was 4e+25"),
        (assessed(), 4e25, Blind, "does not say what 'effective_compute' was"),
        (remembered(None), 4e25, Blind, "does not say"),
        (IMPORTED, 4e25, Blind, "imported"),
        (None, 4e25, Skipped, "never assessed"),
        (assessed(effective_compute=1e25), None, Blind, "large states no 'effective_compute'"),
    ],
    ids=[
        "below",
        "exactly",
        "far above",
        "already assessed",
        "no figure then",
        "no snapshot",
        "imported",
        "never",
        "no figure now",
    ],
)
def test_metric_ratio_compares_with_the_last_assessment(
    last: LastAssessment | None, now: float | None, expected: type, words: str
) -> None:
    result = ratio(last, model("large", "2", effective_compute=now) if now else model("large", "2"))
    assert type(result) is expected
    assert words in result.reason


def test_metric_ratio_measures_a_new_model_by_the_one_assessed() -> None:
    larger = deployment(model="larger")
    last = assessed(effective_compute=1e25)
    what = facts(SERVING, larger, model("larger", "1", effective_compute=5e25), cell="public-api", last=last)
    assert isinstance(evaluate(FOURFOLD, what), Fired)


def test_metric_ratio_without_a_model_is_blind_and_not_silent() -> None:
    for what in (facts(SERVING, deployment(), cell="public-api", last=IMPORTED), facts(mitigation(), last=IMPORTED)):
        result = evaluate(FOURFOLD, what)
        assert isinstance(result, Blind)
        assert "nothing says which model" in result.reason


THIRD = trigger("metric-ratio", metric="fine_tuning_compute", ratio="1/3", relative_to="base_compute")


@pytest.mark.parametrize(
    ("last", "tuned", "expected"),
    [
        (assessed(fine_tuning_compute=1.0, base_compute=9.0), 2.9, Skipped),
        (assessed(fine_tuning_compute=1.0, base_compute=9.0), 3.0, Fired),
        (assessed(fine_tuning_compute=3.0, base_compute=9.0), 3.0, Skipped),
        (assessed(fine_tuning_compute=3.0, base_compute=9.0), 5.0, Fired),
        (None, 3.0, Fired),
        (IMPORTED, 3.0, Fired),
        (assessed(), None, Blind),
    ],
)
def test_metric_ratio_to_another_figure(last: LastAssessment | None, tuned: float | None, expected: type) -> None:
    figures = {"base_compute": 9.0} | ({"fine_tuning_compute": tuned} if tuned else {})
    what = facts(SERVING, API, model("large", "2", **figures), cell="public-api", last=last)
    assert type(evaluate(THIRD, what)) is expected


def test_a_ratio_that_always_holds_is_refused() -> None:
    with pytest.raises(ValidationError, match="always hold"):
        trigger("metric-ratio", metric="effective_compute", ratio=1)


RANGE = trigger("metric-threshold", metric="refusal_rate", at_least=0.8, at_most=0.95)


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (assessed(refusal_rate=0.9), 0.8, Skipped),
        (assessed(refusal_rate=0.9), 0.95, Skipped),
        (assessed(refusal_rate=0.9), 0.79, Fired),
        (assessed(refusal_rate=0.9), 0.96, Fired),
        (assessed(refusal_rate=0.7), 0.7, Skipped),
        (assessed(refusal_rate=0.7), 0.75, Skipped),
        (assessed(refusal_rate=0.7), 0.6, Fired),
        (None, 0.7, Fired),
        (IMPORTED, 0.7, Fired),
        (assessed(refusal_rate=0.9), None, Blind),
    ],
)
def test_metric_threshold_fires_once_for_each_step_further_out(
    last: LastAssessment | None, now: float | None, expected: type
) -> None:
    figures = {"refusal_rate": now} if now else {}
    what = facts(SERVING, API, model("large", "2", **figures), cell="public-api", last=last)
    assert type(evaluate(RANGE, what)) is expected


def test_a_range_without_ends_or_upside_down_is_refused() -> None:
    for ends in ({}, {"at_least": 2, "at_most": 1}):
        with pytest.raises(ValidationError, match=r"no range|swap them"):
            trigger("metric-threshold", metric="refusal_rate", **ends)


CHANGE = trigger("model-change")


@pytest.mark.parametrize(
    ("last", "now", "expected", "words"),
    [
        (assessed("1"), ("large", "1"), Skipped, "the model is the one of"),
        (assessed("1"), ("large", "2"), Fired, "large is version 2, and was 1"),
        (assessed("1"), ("other", "1"), Fired, "other is deployed; large no longer is"),
        (assessed("1"), None, Fired, "large no longer is"),
        (remembered({"models_by_cell": {"public-api": []}}), None, Skipped, "no model is named"),
        (remembered({"models_by_cell": {"public-api": []}}), ("large", "1"), Fired, "large is deployed"),
        (remembered(None), ("large", "2"), Skipped, "does not say which model"),
        (IMPORTED, ("large", "2"), Skipped, "does not say which model"),
        (None, ("large", "2"), Skipped, "never assessed"),
    ],
)
def test_model_change_compares_names_and_versions(
    last: LastAssessment | None, now: tuple[str, str] | None, expected: type, words: str
) -> None:
    named = deployment(model=now[0]) if now else deployment()
    others: list[RegisterObject] = [named, *([model(*now)] if now else [])]
    result = evaluate(CHANGE, facts(SERVING, *others, cell="public-api", last=last))
    assert type(result) is expected
    assert words in result.reason


def test_a_commitment_about_models_looks_at_each_model_itself() -> None:
    promise = commitment(subject={"kind": "model"}, triggers=[{"kind": "model-change"}])
    last = remembered({"models_by_cell": {"large": ["large"]}, "models": {"large": {"version": "1"}}})
    same = facts(promise, model("large", "1"), model("small", "7"), cell="large", last=last)
    other = facts(promise, model("large", "2"), model("small", "7"), cell="large", last=last)
    assert isinstance(evaluate(CHANGE, same), Skipped)
    assert isinstance(evaluate(CHANGE, other), Fired)


@pytest.mark.parametrize(
    ("ratio", "strictly", "tuned", "expected"),
    [
        ("1/3", False, 0.1, Fired),
        ("1/3", True, 0.1, Skipped),
        ("1/3", True, 0.1000001, Fired),
        (0.5, False, 0.15, Fired),
        (3, False, 0.9, Fired),
        (3, True, 0.9, Skipped),
    ],
)
def test_a_ratio_is_exact(ratio: object, strictly: bool, tuned: float, expected: type) -> None:
    """0.9 is three times 0.3, and a tenth is a third of 0.3, whatever binary fractions say."""
    spec = trigger("metric-ratio", metric="tuned", ratio=ratio, strictly=strictly, relative_to="base")
    what = facts(SERVING, API, model("large", "1", tuned=tuned, base=0.3), cell="public-api")
    assert type(evaluate(spec, what)) is expected


@pytest.mark.parametrize("ratio", [0, -1, "0/3", "1/0", "a third", True, None, "1e3"])
def test_what_is_no_ratio_is_refused(ratio: object) -> None:
    with pytest.raises(ValidationError, match="not a ratio"):
        trigger("metric-ratio", metric="tuned", ratio=ratio, relative_to="base")


def test_a_range_without_figures_is_blind() -> None:
    spec = trigger("metric-threshold", metric="refusal_rate", at_most="unspecified")
    what = facts(SERVING, API, model("large", "1", refusal_rate=0.9), cell="public-api")
    assert isinstance(evaluate(spec, what), Blind)


ELICITED = trigger("metric-increase", metric="elicitation", by=6, unit="months of elicitation")


@pytest.mark.parametrize(
    ("last", "now", "expected", "words"),
    [
        (
            assessed(elicitation=8),
            13.9,
            Skipped,
            "(effective, attested): the limit is 6 more months of elicitation",
        ),
        (assessed(elicitation=8), 14, Fired, "is 14, and was 8"),
        (assessed(elicitation=0.1), 6.1, Fired, "is 6.1"),
        (assessed(elicitation=8), 2, Skipped, "is 2"),
        (assessed(), 14, Blind, "does not say what 'elicitation' was"),
        (IMPORTED, 14, Blind, "imported"),
        (None, 14, Skipped, "never assessed"),
        (assessed(elicitation=8), None, Blind, "large states no 'elicitation'"),
    ],
)
def test_metric_increase_counts_in_its_own_unit(
    last: LastAssessment | None, now: float | None, expected: type, words: str
) -> None:
    large = model("large", "2", elicitation=now) if now else model("large", "2")
    result = evaluate(ELICITED, facts(SERVING, API, large, cell="public-api", last=last))
    assert type(result) is expected
    assert words in result.reason


@pytest.mark.parametrize("by", [0, -1])
def test_metric_increase_takes_an_amount(by: float) -> None:
    with pytest.raises(ValidationError):
        trigger("metric-increase", metric="elicitation", by=by)
