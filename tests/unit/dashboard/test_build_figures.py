"""Results of criteria in cells, records and over time, with their intervals against the target."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from reassay.dashboard.subject_values import CriterionFigure
from reassay.dashboard.values import Dashboard
from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import CriterionResult, CriterionVerdictWord
from tests.make import TODAY, Story, deployment, mitigation, model, register
from tests.results import Evaluation, names, outcomes, rate, reading
from tests.unit.dashboard.building import built


def figures(dashboard: Dashboard, subject: str = "filter") -> tuple[CriterionFigure, ...]:
    return next(own.figures for own in dashboard.cells if own.subject == subject)


def test_a_rate_has_the_interval_and_the_bound_of_its_decision() -> None:
    story = Evaluation(rate(margin=0.005))
    story.attach(reading(outcomes(names(600), names(2))))
    story.conclude("filter", "degraded")
    (own,) = figures(built(story))
    assert (own.criterion, own.kind, own.k, own.n, own.level) == ("attempts that pass", "rate", 2, 600, 0.95)
    assert own.target == pytest.approx(0.015)
    assert own.value == pytest.approx(2 / 600)
    assert own.lower is not None
    assert own.upper is not None
    assert own.lower < 2 / 600 < own.upper < 0.015
    assert (own.on, own.record, own.verdict) == (TODAY, "R-2026-001", "met")


def test_numbers_that_were_not_read_are_not_made_up() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    decided = story.conclude("filter")
    (read,) = figures(built(story))
    (own,) = figures(built(story, objects={}))
    assert (read.verdict, read.n) == ("met", 400)
    assert (own.verdict, own.value, own.n) == (decided.criteria[0].verdict, None, None)
    assert "not read here, or were redacted" in own.why


def test_each_cell_has_its_own_numbers() -> None:
    more = (
        deployment("public-api", model="large"),
        deployment("lab", audience="internal", model="large"),
        model("large"),
    )
    story = Evaluation(more=more, deployments=["public-api", "lab"])
    story.attach(reading(outcomes(names(400))), deployments=("public-api",))
    story.conclude("filter", "degraded")
    dashboard = built(story)
    by_cell = {own.deployment: own.figures[0] for own in dashboard.cells}
    assert (by_cell["public-api"].verdict, by_cell["public-api"].n, by_cell["public-api"].basis) == (
        "met",
        400,
        "tested",
    )
    assert (by_cell["lab"].verdict, by_cell["lab"].value) == ("not-measured", None)
    record = dashboard.subjects[0].records[0]
    assert {(own.cell, own.verdict) for own in record.figures} == {("public-api", "met"), ("lab", "not-measured")}


def test_the_last_decision_counts_and_all_are_a_series() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    story.conclude("filter")
    story.move_to(TODAY + timedelta(days=150))
    story.open_again()
    story.attach(reading(outcomes(names(500, 1000), names(20, 1000))))
    story.conclude("filter", "degraded")
    story.change(rate(at_most=0.01))
    dashboard = built(story)
    (own,) = dashboard.series
    assert (own.subject, own.cell, own.target, own.is_ceiling) == ("filter", "public-api", 0.01, True)
    assert [(point.value, point.target) for point in own.points] == [(0.0, 0.02), (0.04, 0.02)]
    (last,) = figures(dashboard)
    assert (last.value, last.verdict) == (0.04, "exceeded")
    assert last.why.endswith("its register entry has changed since")


def test_a_withdrawn_decision_gives_no_point_and_no_last_result() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    story.end("withdrawn")
    dashboard = built(story)
    assert dashboard.series == ()
    assert figures(dashboard)[0].verdict == "not-measured"
    (record,) = dashboard.subjects[0].records
    assert record.is_withdrawn
    assert record.figures[0].n == 400


def test_what_was_never_measured_says_so_with_its_target() -> None:
    story = Evaluation()
    (own,) = figures(built(story))
    assert (own.verdict, own.value, own.target, own.record) == ("not-measured", None, 0.02, "")


def decided_on(criterion: dict[str, object], verdict: CriterionVerdictWord, *evidence: Mapping[str, object]) -> Story:
    """A decision with people's evidence, as recorded."""
    target = {"statement": "It works.", "criteria": [{"name": "it", **criterion}]}
    story = Story(register(mitigation("filter", target=target)))
    story.sweep()
    kind = str(criterion["kind"])
    for fields in evidence:
        stated = {"provenance": "file", "role": "red-team-lead", "independent": True, "reassessment": "R-2026-001"}
        story.add(Attached.model_validate({**stated, "evidence": kind, "criterion": "it", **fields}), 2)
    decided = story.conclude("filter")
    body = decided.model_copy(update={"criteria": (CriterionResult(name="it", verdict=verdict, basis="counted"),)})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    return story


WEEK = {"duration": {"started": date(2026, 11, 1), "ended": date(2026, 11, 8)}}
LONG = {"duration": {"started": date(2026, 2, 1), "ended": date(2026, 3, 3)}}
HOURS = {"effort": {"version": 1, "teams": 2, "hours_each": 40.0, "success": False, "independent": True}}
FOUND = {"effort": {"version": 1, "teams": 1, "hours_each": 10.0, "success": True}}
EFFORT: dict[str, object] = {
    "kind": "effort",
    "success": "a harmful answer",
    "attacker": {"access": "api"},
    "effort": {"teams": 2, "hours_each": 40},
}


@pytest.mark.parametrize(
    ("criterion", "verdict", "evidence", "numbers"),
    [
        (
            {"kind": "census", "at_least": 0.9},
            "met",
            [{"figures": {"counted": 117, "total": 120}}],
            (0.975, 0.9, False, ""),
        ),
        ({"kind": "duration", "at_most": "1 month"}, "missed", [WEEK, LONG], (30.0, 28.0, True, "days")),
        ({"kind": "duration", "at_most": "1 month"}, "met", [WEEK], (7.0, 30.0, True, "days")),
        (EFFORT, "met", [HOURS], (80.0, 80.0, False, "hours")),
        (EFFORT, "missed", [HOURS, FOUND], (None, 80.0, False, "hours")),
        (
            {"kind": "exercise", "success": "It is noticed."},
            "met",
            [{"figures": {"passed": True}}],
            (None, None, True, ""),
        ),
        ({"kind": "census", "at_least": 0.9}, "not-measured", [], (None, 0.9, False, "")),
    ],
)
def test_numbers_of_peoples_evidence(
    criterion: dict[str, object],
    verdict: CriterionVerdictWord,
    evidence: list[Mapping[str, object]],
    numbers: tuple[float | None, float | None, bool, str],
) -> None:
    (own,) = figures(built(decided_on(criterion, verdict, *evidence)))
    assert (own.kind, own.verdict) == (criterion["kind"], verdict)
    target = None if numbers[1] is None else pytest.approx(numbers[1])
    assert (own.value, own.target, own.is_ceiling, own.unit) == (numbers[0], target, *numbers[2:])


def test_the_reason_is_said_where_judging_again_gives_the_same() -> None:
    census: dict[str, object] = {"kind": "census", "at_least": 0.9}
    counted = {"figures": {"counted": 117, "total": 120}}
    (same,) = figures(built(decided_on(census, "met", counted)))
    (other,) = figures(built(decided_on(census, "missed", counted)))
    assert same.why.startswith("117 of 120 are 97.5%")
    assert other.why == ""
