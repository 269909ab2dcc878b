"""conclude: `effective` needs what the numbers of every criterion show, in every mode; any other decision does not."""

import pytest

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.command_context import Refusal
from reassay.commands.conclusion import Conclusion, conclude
from reassay.evidence.inputs import VerdictInputs
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Decided
from tests.make import ASSESSOR, TODAY
from tests.results import Evaluation, names, outcomes, rate, reading

CENSUS: dict[str, object] = {"name": "staff trained", "kind": "census", "at_least": 0.95}


def decide(story: Evaluation, decision: str = "effective") -> Decided | Refusal:
    (reassessment,) = story.assessment_input.history.open
    promised = (Promise(TODAY.replace(year=2027), "mend it"),) if decision == "degraded" else ()
    action = "continue" if decision == "ineffective" else None
    command = Conclude(decision, action, promised, "of the numbers")
    result = conclude(command, story.context(ASSESSOR, reassessment))
    if isinstance(result, Conclusion):
        story.objects |= result.objects
        return result.decided
    return result


def test_effective_is_decided_where_the_numbers_show_it_and_is_tested() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(175))))
    decided = decide(story)
    assert isinstance(decided, Decided)
    assert decided.verdict == "effective (tested)"
    (result,) = decided.criteria
    assert result.inputs is not None
    data = story.objects[result.inputs]
    assert isinstance(data, bytes)
    inputs = VerdictInputs.model_validate_json(data)
    assert [verdict.verdict for verdict in inputs.verdicts] == ["met"]
    assert [run.entry for run in inputs.cases[0].runs] == [2]


@pytest.mark.parametrize(
    ("count", "adverse", "words"),
    [
        (
            0,
            0,
            "not measured, because no result file is attached for it: attach evidence with `/reassay evidence ... for",
        ),
        (
            150,
            0,
            "insufficient, because 0 of 150 assessed; 0 not assessed; at worst 0 of 150; evidence 12.9 of 20 needed",
        ),
        (
            150,
            0,
            "25 more prompts without an adverse one would meet it (chance 78% if the true rate is half the bound)",
        ),
        (100, 20, "exceeded, because 20 of 100 assessed; 0 not assessed; at worst 20 of 100; the rate is above 2%"),
    ],
)
def test_effective_is_refused_with_exactly_what_is_missing(count: int, adverse: int, words: str) -> None:
    story = Evaluation()
    if count:
        story.attach(reading(outcomes(names(count), names(adverse))))
    refused = decide(story)
    assert isinstance(refused, Refusal)
    assert refused.why == "1 criterion is not met"
    (detail,) = refused.details
    assert words in detail


@pytest.mark.parametrize("decision", ["degraded", "ineffective", "inconclusive"])
def test_any_other_decision_needs_no_numbers_and_records_what_they_say(decision: str) -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(100), names(20))))
    decided = decide(story, decision)
    assert isinstance(decided, Decided)
    (result,) = decided.criteria
    assert (decided.decision, decided.basis, result.verdict) == (decision, "attested", "exceeded")


def test_one_criterion_on_a_word_keeps_the_decision_attested_and_one_unmet_keeps_it_from_effective() -> None:
    story = Evaluation(rate(), CENSUS)
    story.attach(reading(outcomes(names(175))), of="attempts that pass")
    refused = decide(story)
    assert isinstance(refused, Refusal)
    assert refused.details[0].startswith("criterion 'staff trained': not measured")
    (reassessment,) = story.assessment_input.history.open
    story.add(
        Attached.model_validate(
            {
                "reassessment": reassessment.id,
                "evidence": "census",
                "provenance": "word",
                "criterion": "staff trained",
                "figures": {"counted": 120, "total": 120},
                "role": "account-2",
                "independent": True,
            }
        ),
        2,
    )
    decided = decide(story)
    assert isinstance(decided, Decided)
    assert decided.basis == "attested"
    assert [result.basis for result in decided.criteria] == ["tested", "attested"]


def test_a_statement_about_a_rate_is_not_one() -> None:
    story = Evaluation()
    (reassessment,) = story.assessment_input.history.open
    story.add(
        Attached(
            reassessment=reassessment.id,
            evidence="attested",
            provenance="word",
            criterion="attempts that pass",
            role="account-2",
            independent=True,
        ),
        2,
    )
    assert story.verdict().verdict == "not-measured"


def test_what_is_said_to_be_tested_without_its_inputs_reads_attested() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(175))))
    decided = decide(story)
    assert isinstance(decided, Decided)
    bare = tuple(result.model_copy(update={"inputs": None}) for result in decided.criteria)
    story.add(decided.model_copy(update={"criteria": bare}), 2)
    (reassessment,) = story.assessment_input.history.reassessments.values()
    assert reassessment.decided is not None
    assert reassessment.decided.verdict == "effective (attested)"
