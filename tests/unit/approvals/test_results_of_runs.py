"""A result of an evaluation run is evidence: an approval step signs it, and a question that needs evidence has it."""

from reassay.approvals.reassessment import ReassessmentSource
from reassay.ledger.answers import AttachedResult
from reassay.ledger.runs import RunEnded
from tests.make import Story, mitigation, register

RUN = "4711-1-evaluate"


def story() -> Story:
    told = Story(register(mitigation(approval=[{"role": "safety-lead", "kind": "approve"}])))
    told.sweep()
    return told


def end(told: Story, how: str, reassessment: str | None) -> None:
    results = (AttachedResult(readings="sha256:" + "a" * 64, run=RUN),) if how == "result" else ()
    told.add(
        RunEnded.model_validate(
            {
                "run": RUN, "subject": "filter", "reassessment": reassessment, "how": how, "results": results,
                "provenance": "workflow-run", "ended_at": told.now,
            }
        )
    )  # fmt: skip


def source(told: Story) -> ReassessmentSource:
    reassessment = told.assessment_input.history.open_for("filter")
    assert reassessment is not None
    subject = told.register.mitigations["filter"].value
    return ReassessmentSource(reassessment, subject, told.assessment_input, ())


def signed(told: Story) -> str:
    own = source(told)
    step = next(requirement for requirement in own.requirements if requirement.question is None)
    return own.digest(step, None)


def test_a_result_that_comes_after_an_approval_step_changes_what_it_signed() -> None:
    told = story()
    before = signed(told)
    end(told, "result", source(told).reassessment.id)
    assert signed(told) != before
    assert len(source(told).evidence) == 1


def test_a_run_without_a_result_is_no_evidence() -> None:
    told = story()
    before = signed(told)
    end(told, "failed", source(told).reassessment.id)
    assert source(told).evidence == ()
    assert signed(told) == before
