"""Criteria that people's evidence decides: effort, durations, judgements, capabilities, drills, full counts; and detectors."""

import json
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from reassay.common.calendar import Duration
from reassay.evidence.criterion_bounds import bound_words
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds import KINDS, kind_of
from reassay.evidence.kinds.base import CriterionEvidence
from reassay.evidence.kinds.detector import detector_rates, detector_verdict
from reassay.ledger.answers import Attached, EvidenceFigures
from reassay.ledger.criterion_result import CriterionVerdictWord
from reassay.ledger.evidence_figures import (
    CapabilityFigures,
    DurationFigures,
    EffortFigures,
    JudgementGrounds,
)
from reassay.register.criteria import Criterion, Target
from reassay.register.detector_criterion import DetectorCriterion

TEXT = "sha256:" + "a" * 64


def criterion(**fields: object) -> Any:  # noqa: ANN401 -- one of several kinds
    document = {"statement": "S", "criteria": [{"name": "it", **fields}]}
    return Target.model_validate_json(json.dumps(document)).criteria[0]


def attached(kind: str, **fields: object) -> Attached:
    stated = {"provenance": "file", "role": "red-team-lead", "independent": True} | fields
    return Attached.model_validate({"reassessment": "R-2026-001", "evidence": kind, "criterion": "it", **stated})


def verdict(
    of: Criterion, *evidence: Attached, version: int = 1, earlier: tuple[Attached, ...] = ()
) -> CriterionVerdict:
    kind = kind_of(of)
    assert kind is not None
    return kind.verdict(of, CriterionEvidence(evidence, version, earlier))


def test_no_kind_of_criterion_is_forgotten() -> None:
    kinds = {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(Criterion)[0])}
    counted = {"rate", "sample", "detector"}
    assert {kind.kind: kind.criterion for kind in KINDS} == {name: kinds[name] for name in kinds.keys() - counted}


def test_a_criterion_of_another_kind_is_refused() -> None:
    kind = kind_of(EXAMPLES["census"])
    assert kind is not None
    with pytest.raises(TypeError, match="'census'"):
        kind.words(EXAMPLES["exercise"])


@pytest.mark.parametrize("kind", [kind.kind for kind in KINDS])
def test_nothing_attached_is_not_measured(kind: str) -> None:
    result = verdict(EXAMPLES[kind])
    assert (result.verdict, result.basis) == ("not-measured", "attested")


@pytest.mark.parametrize("kind", [kind.kind for kind in KINDS])
def test_what_a_criterion_asks_for_is_said(kind: str) -> None:
    assert bound_words(EXAMPLES[kind])


EFFORT = {
    "kind": "effort", "success": "8 of 10 questions answered", "attacker": {"hours": 40, "access": "api", "expertise": "expert"},
    "chance_at_most": 0.1,
}  # fmt: skip
EXAMPLES: dict[str, Any] = {
    "census": criterion(kind="census", at_least=0.95),
    "exercise": criterion(kind="exercise", success="It is found"),
    "duration": criterion(kind="duration", at_most="1 month"),
    "judgement": criterion(kind="judgement", question="Is it enough?"),
    "effort": criterion(**EFFORT),
    "capability": criterion(
        kind="capability", claim="It cannot do X", elicitation={"best_of": 10, "tools": ["browsing"]}
    ),
}


def effort(**fields: object) -> EffortFigures:
    standard = {"teams": 1, "hours_each": 40, "success": False, "version": 1}
    stated = {"access": "api", "expertise": "expert", "independent": True}
    return EffortFigures.model_validate_json(json.dumps(standard | stated | fields))


def by_team(figures: EffortFigures, **fields: object) -> Attached:
    return attached("effort", effort=figures, **fields)


def test_one_success_is_missed_until_a_new_version_whatever_was_tested_besides() -> None:
    of = EXAMPLES["effort"]
    once = by_team(effort(success=True, access=None, expertise=None), provenance="word")
    many = by_team(effort(teams=500))
    assert verdict(of, many, once, many).verdict == "missed"
    assert verdict(of, many, earlier=(once,)).verdict == "missed"
    result = verdict(of, by_team(effort(teams=500, version=2)), earlier=(once,), version=2)
    assert result.verdict == "met"


def test_hours_against_an_earlier_version_show_nothing() -> None:
    result = verdict(EXAMPLES["effort"], by_team(effort(teams=500)), version=2)
    assert result.verdict == "not-measured"
    assert "starts afresh" in result.why


@pytest.mark.parametrize(("teams", "word"), [(28, "insufficient"), (29, "met")])
def test_a_chance_of_a_tenth_takes_29_teams_with_the_hours_of_the_actor(teams: int, word: str) -> None:
    assert verdict(EXAMPLES["effort"], by_team(effort(teams=teams))).verdict == word


def test_hours_are_added_up_over_records_and_re_assessments() -> None:
    of = EXAMPLES["effort"]
    assert verdict(of, by_team(effort(teams=15)), earlier=(by_team(effort(teams=14)),)).verdict == "met"


def test_what_none_found_means_is_said() -> None:
    of = criterion(**EFFORT | {"attacker": {"hours": 100}, "chance_at_most": 0.1})
    result = verdict(of, by_team(effort(teams=30, hours_each=100)))
    assert result.why == (
        "none found: after 3,000 h without success an attacker like these testers with 100 h succeeds with a chance of at most 9.5%;"
        " this says nothing of better attackers"
    )
    assert result.basis == "tested"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"access": "app"}, "less than access api (access app)"),
        ({"access": None}, "less than access api (none stated)"),
        ({"expertise": "technical-non-expert"}, "less than expertise expert"),
        ({"expertise": None}, "(none stated)"),
    ],
)
def test_testers_with_less_than_the_actor_do_not_count(fields: dict[str, object], said: str) -> None:
    result = verdict(EXAMPLES["effort"], by_team(effort(teams=500, **fields)))
    assert result.verdict == "insufficient"
    assert said in result.why


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "met"),
        ({"teams": 2}, "insufficient"),
        ({"hours_each": 39}, "insufficient"),
        ({"independent": False}, "insufficient"),
        ({"incentive": None}, "insufficient"),
        ({"expertise": "technical-non-expert"}, "insufficient"),
    ],
)
def test_required_effort_counts_teams_hours_independence_incentive_and_expertise(
    fields: dict[str, object], word: str
) -> None:
    required = {"teams": 3, "hours_each": 40, "incentive": "bounty", "expertise": "expert"}
    of = criterion(kind="effort", success="S", attacker={"access": "app"}, effort=required)
    figures = {"teams": 3, "hours_each": 40, "incentive": "bounty"} | fields
    assert verdict(of, by_team(effort(**figures))).verdict == word


def test_effort_on_a_word_is_attested() -> None:
    result = verdict(EXAMPLES["effort"], by_team(effort(teams=28)), by_team(effort(), provenance="word"))
    assert (result.verdict, result.basis) == ("met", "attested")
    assert "stated without a file" in result.why


@pytest.mark.parametrize(
    "fields", [{"chance_at_most": None}, {"attacker": {"access": "api"}}, {"attacker": {}}, {"chance_at_most": 1}]
)
def test_an_effort_criterion_that_nothing_can_show_is_an_error(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        criterion(**EFFORT | fields)


def lasted(**fields: object) -> Attached:
    return attached("duration", duration=DurationFigures.model_validate(fields))


@pytest.mark.parametrize(
    ("figures", "word"),
    [
        ({"took": Duration(days=28)}, "met"),
        ({"took": Duration(months=1)}, "met"),
        ({"took": Duration(days=30)}, "insufficient"),
        ({"took": Duration(days=32)}, "missed"),
        ({"started": date(2026, 2, 1), "ended": date(2026, 3, 1)}, "met"),
        ({"started": date(2026, 2, 1), "ended": date(2026, 3, 2)}, "missed"),
        ({"started": date(2026, 1, 1), "ended": date(2026, 1, 31)}, "met"),
        ({"started": date(2026, 2, 1), "ended": date(2026, 1, 1)}, "insufficient"),
        ({}, "insufficient"),
    ],
)
def test_durations_are_compared_by_the_calendar(figures: dict[str, Any], word: str) -> None:
    assert verdict(EXAMPLES["duration"], lasted(**figures)).verdict == word


def test_a_short_time_after_a_long_one_does_not_hide_it() -> None:
    result = verdict(EXAMPLES["duration"], lasted(took=Duration(days=60)), lasted(took=Duration(days=1)))
    assert (result.verdict, result.basis) == ("missed", "exercised")
    assert result.why.startswith("it took 60 days")


def judged(outcome: str | None = "met", **fields: object) -> Attached:
    grounds = JudgementGrounds.model_validate({"outcome": outcome, "limits": TEXT, "would_change": TEXT})
    return attached("judgement", **{"grounds": grounds} | fields)


def test_a_judgement_is_met_by_an_independent_assessor_and_says_what_it_leaves_out() -> None:
    of = EXAMPLES["judgement"]
    assert verdict(of, judged()).why == "judged by an independent assessor"
    bare = verdict(of, judged(grounds=None))
    assert (bare.verdict, bare.basis) == ("met", "judged")
    assert "does not state its limits or what would change it" in bare.why
    stated = criterion(kind="judgement", question="Q", would_change="A leak")
    assert "what would change it" not in verdict(stated, judged(grounds=None)).why


def test_the_owners_judgement_is_self_assessed_and_not_met() -> None:
    of = EXAMPLES["judgement"]
    own = judged(independent=False, role="safety-lead")
    assert verdict(of, own).verdict == "not-measured"
    assert "self-assessed" in verdict(of, own).why
    assert verdict(of, judged("not-met"), own).verdict == "missed"


def test_of_two_assessors_who_disagree_the_graver_counts_and_each_may_change_their_mind() -> None:
    of = EXAMPLES["judgement"]
    assert verdict(of, judged("not-met", role="audit"), judged()).verdict == "missed"
    assert verdict(of, judged("not-met"), judged()).verdict == "met"


FULL = {"fine_tuned": True, "scaffold": "agent-loop", "best_of": 10, "tools": ["browsing"], "effort": 40}


def capable(outcome: str = "below", fields: Mapping[str, object] = MappingProxyType({}), without: str = "") -> Attached:
    elicitation = {name: value for name, value in (FULL | dict(fields)).items() if name != without}
    aware = {name: TEXT for name in ("evaluation_awareness", "sandbagging") if name != without}
    document = {"outcome": outcome, "elicitation": elicitation, **aware}
    figures = CapabilityFigures.model_validate_json(json.dumps(document))
    return attached("capability", capability=figures)


def test_a_capability_is_judged_with_elicitation_and_awareness() -> None:
    result = verdict(EXAMPLES["capability"], capable())
    assert (result.verdict, result.basis) == ("met", "judged")
    assert "may behave otherwise when it does not recognise a test" in result.why


@pytest.mark.parametrize("without", [*FULL, "evaluation_awareness", "sandbagging"])
def test_a_capability_judgement_that_leaves_something_out_cannot_close(without: str) -> None:
    result = verdict(EXAMPLES["capability"], capable(without=without))
    assert result.verdict == "insufficient"
    assert without.split("_", maxsplit=1)[0] in result.why


@pytest.mark.parametrize("fields", [{"best_of": 9}, {"tools": []}, {"tools": ["memory"]}])
def test_less_elicitation_than_required_cannot_close(fields: dict[str, object]) -> None:
    assert verdict(EXAMPLES["capability"], capable(fields=fields)).verdict == "insufficient"


def test_a_capability_that_is_reached_or_not_ruled_out_is_not_met() -> None:
    of = EXAMPLES["capability"]
    assert verdict(of, capable("not-ruled-out")).verdict == "insufficient"
    assert verdict(of, capable("reached", without="sandbagging")).verdict == "missed"
    other = capable("reached").model_copy(update={"role": "audit"})
    assert verdict(of, other, capable()).verdict == "missed"


def test_a_capability_that_the_owner_judged_is_self_assessed() -> None:
    own = capable().model_copy(update={"independent": False})
    assert verdict(EXAMPLES["capability"], own).verdict == "not-measured"


def test_counts_and_drills_before_the_last_are_said() -> None:
    counts = [attached("census", figures=EvidenceFigures(counted=number, total=120)) for number in (90, 117)]
    result = verdict(EXAMPLES["census"], *counts)
    assert (result.verdict, result.basis) == ("met", "counted")
    assert result.why == "117 of 120 are 97.5%, at least 95.0% are required; counted before: 90 of 120"
    drills = [attached("exercise", figures=EvidenceFigures(passed=passed)) for passed in (False, True)]
    result = verdict(EXAMPLES["exercise"], *drills)
    assert (result.verdict, result.why) == ("met", "the drill passed; before it, 1 drill failed")


DETECTOR = {
    "kind": "detector", "recall": {"at_least": 0.95, "population": "attacks"}, "false_positives": {"at_most": 0.001},
    "prevalence": 1e-5, "items_a_day": 1_000_000,
}  # fmt: skip


def test_a_detector_is_two_rates() -> None:
    recall, false_positives = detector_rates(criterion(**DETECTOR))
    assert (recall.name, recall.at_most, recall.undesired, recall.population) == (
        "it: recall",
        0.05,
        "missed",
        "attacks",
    )
    assert (false_positives.at_most, false_positives.undesired) == (0.001, "false_positive")
    assert (false_positives.name, false_positives.population) == ("it: false positives", "traffic")


def test_precision_and_alerts_a_day_are_derived_and_shown() -> None:
    words = bound_words(criterion(**DETECTOR))
    assert "an assumed prevalence of 1e-05, precision is 0.94%, with 1,009 alerts a day" in words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prevalence": None, "precision_at_least": 0.5}, "'prevalence'"),
        ({"prevalence": None, "precision_at_least": 0.5}, "precision is not a property of a detector alone"),
        ({"recall": None, "precision_at_least": 0.5}, "recall"),
        ({"false_positives": None}, "false_positives"),
        ({"precision_at_least": 0.5}, "precision is 0.94%, below"),
    ],
)
def test_precision_without_what_it_follows_from_is_an_error(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        criterion(**{name: value for name, value in (DETECTOR | fields).items() if value is not None})


@pytest.mark.parametrize(
    ("recall", "false_positives", "word"),
    [
        ("met", "met", "met"),
        ("met", "insufficient", "insufficient"),
        ("exceeded", "insufficient", "exceeded"),
        ("not-measured", "met", "not-measured"),
    ],
)
def test_a_detector_is_met_where_both_rates_are(
    recall: CriterionVerdictWord, false_positives: CriterionVerdictWord, word: str
) -> None:
    of: DetectorCriterion = criterion(**DETECTOR)
    parts = (CriterionVerdict("r", recall, "tested", "a"), CriterionVerdict("f", false_positives, "attested", "b"))
    result = detector_verdict(of, *parts)
    assert (result.name, result.verdict, result.basis) == ("it", word, "attested")
    assert "precision is 0.94%" in result.why


def test_recall_on_other_positives_says_so() -> None:
    of: DetectorCriterion = criterion(**DETECTOR | {"recall": {"at_least": 0.95}})
    met = CriterionVerdict("r", "met", "tested", "a")
    assert "says little of an adversary" in detector_verdict(of, met, met).why


def test_the_rates_of_a_detector_have_names_of_their_own() -> None:
    twice = [{"name": "it", **DETECTOR}, {"name": "it: recall", "kind": "census", "at_least": 1.0}]
    with pytest.raises(ValidationError, match="two criteria are named 'it: recall'"):
        Target.model_validate_json(json.dumps({"statement": "S", "criteria": twice}))


def test_without_a_prevalence_no_precision_is_shown() -> None:
    of = criterion(**{name: value for name, value in DETECTOR.items() if name != "prevalence"})
    assert (of.precision, of.alerts_a_day) == (None, None)
    assert "precision" not in bound_words(of)
