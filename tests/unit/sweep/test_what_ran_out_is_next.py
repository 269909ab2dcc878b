"""The next step names what has run out before what is missing: follow-ups that are overdue, and evidence that ends."""

from datetime import date, timedelta

from reassay.register.evidence_item import EvidenceItem
from reassay.sweep.adoption import Setting, next_step
from tests.make import TODAY, Story, made, mitigation, register

SETTING = Setting(has_workflow=True, has_ledger=True)


def item(until: date) -> EvidenceItem:
    return made(
        EvidenceItem, id="report", title="Report", mitigations=["filter"], method="test", performed_by="lab",
        performed_at=TODAY - timedelta(days=300), valid_until=until, finding="found", owner="auditor",
    )  # fmt: skip


def test_an_overdue_follow_up_is_the_next_step() -> None:
    story = Story(register(mitigation("filter")))
    story.sweep()
    story.conclude("filter", "degraded")
    story.move_to(TODAY + timedelta(days=30))
    assert next_step(story.assessment_input, SETTING).id != "follow-up", "in time on its last day"
    story.move_to(TODAY + timedelta(days=31))
    step = next_step(story.assessment_input, SETTING)
    assert (step.id, step.what) == ("follow-up", "Finish 1 overdue follow-up.")
    assert "about filter" in step.why
    assert "1 day overdue" in step.why
    assert "/reassay follow-up done because ..." in step.how


def test_evidence_that_ends_soon_or_has_ended_is_the_next_step() -> None:
    for until, words in ((TODAY + timedelta(days=2), "is valid until"), (TODAY - timedelta(days=1), "was valid until")):
        step = next_step(Story(register(mitigation("filter"), item(until))).assessment_input, SETTING)
        assert step.id == "evidence"
        assert f"filter: evidence 'report' of auditor {words} {until}" in step.why
    step = next_step(Story(register(mitigation("filter"), item(TODAY + timedelta(days=200)))).assessment_input, SETTING)
    assert step.id != "evidence"


def test_evidence_that_was_decided_on_after_its_end_stays_the_next_step() -> None:
    story = Story(register(mitigation("filter"), item(TODAY - timedelta(days=1))))
    story.sweep()
    story.conclude("filter")
    step = next_step(story.assessment_input, SETTING)
    assert step.id == "evidence"
    assert "was decided without newer evidence" in step.why


def test_no_workflow_is_proposed_where_an_app_wrote_the_ledger() -> None:
    facts = Story(register(mitigation("filter"))).assessment_input
    steps = {
        writer: next_step(facts, Setting(has_workflow=False, has_ledger=True, ledger_writer=writer)).id
        for writer in ("", "github-actions[bot]", "safety-lead", "reassay[bot]")
    }
    assert [writer for writer, step in steps.items() if step != "workflow"] == ["reassay[bot]"]
