"""A result of an evaluation run is evidence: an approval step signs it, and a question that needs evidence has it."""

from reassay.approvals.reassessment import ReassessmentSource
from reassay.ledger.answers import AttachedResult
from reassay.ledger.runs import RunEnded
from tests.make import Story, mitigation, register

RUN = "4711-1-evaluate"


def new_story() -> Story:
    story = Story(register(mitigation(approval=[{"role": "safety-lead", "kind": "approve"}])))
    story.sweep()
    return story


def end(story: Story, how: str, reassessment: str | None) -> None:
    results = (AttachedResult(readings="sha256:" + "a" * 64, run=RUN),) if how == "result" else ()
    story.add(
        RunEnded.model_validate(
            {
                "run": RUN, "subject": "filter", "reassessment": reassessment, "how": how, "results": results,
                "provenance": "workflow-run", "ended_at": story.now,
            }
        )
    )  # fmt: skip


def source(story: Story) -> ReassessmentSource:
    reassessment = story.assessment_input.history.open_for("filter")
    assert reassessment is not None
    subject = story.register.mitigations["filter"].value
    return ReassessmentSource(reassessment, subject, story.assessment_input, ())


def signed(story: Story) -> str:
    own = source(story)
    step = next(requirement for requirement in own.requirements if requirement.question is None)
    return own.digest(step, None)


def test_a_result_that_comes_after_an_approval_step_changes_what_it_signed() -> None:
    story = new_story()
    before = signed(story)
    end(story, "result", source(story).reassessment.id)
    assert signed(story) != before
    assert len(source(story).evidence) == 1


def test_a_run_without_a_result_is_no_evidence() -> None:
    story = new_story()
    before = signed(story)
    end(story, "failed", source(story).reassessment.id)
    assert source(story).evidence == ()
    assert signed(story) == before
