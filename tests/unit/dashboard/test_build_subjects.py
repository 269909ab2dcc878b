"""Mitigations and commitments with their records, signatures, evidence and ledger entries."""

from dataclasses import replace
from datetime import date

from reassay.common.canonical import canonical, digest
from reassay.dashboard.build import build_dashboard
from reassay.ledger.answers import SignedItem, SignedOff
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.entry import Record
from reassay.ledger.history import History
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import additions, with_keys
from reassay.ledger.store.keyring import Keyring
from reassay.register.past_assessment import PastAssessment
from tests.make import TODAY, Story, commitment, deployment, made, mitigation, register
from tests.results import Evaluation, names, outcomes, reading
from tests.unit.dashboard.building import built, chained, input_of
from tests.unit.dashboard.test_build_laws import without
from tests.unit.ledger.worlds import key

SOURCE = {"file": "old.csv", "sha256": f"sha256:{'0' * 64}", "row": 4}


def test_a_mitigation_says_what_the_register_says() -> None:
    own = mitigation(
        "filter",
        description="Looks at prompts.",
        layer="system",
        lifecycle_stage="deploy",
        deployments=["public-api"],
        assumptions=["The list is complete."],
        invalidation_conditions=[{"text": "The list leaks."}],
        standards=[{"catalogue": "NIST-800-53", "control": "SI-4"}],
        references=[{"source": "MITRE ATLAS", "id": "AML.M0004"}],
        reassess={"triggers": [{"kind": "incident-severity", "at_least": "high", "in_words": "a major incident"}]},
        target={"statement": "Blocks attempts.", "criteria": [{"name": "staff", "kind": "census", "at_least": 0.9}]},
    )
    asked = commitment("promise", subject={"kind": "mitigation"}, triggers=[{"kind": "interval", "every": "quarterly"}])
    (shown,) = built(Story(register(own, asked, deployment()))).subjects
    assert (shown.title, shown.layer, shown.stage, shown.version) == ("The filter", "system", "deploy", 1)
    assert (shown.target, shown.description) == ("Blocks attempts.", "Looks at prompts.")
    assert shown.criteria == ("staff: at least 90%, everyone counted",)
    assert (shown.assumptions, shown.conditions) == (("The list is complete.",), ("The list leaks.",))
    assert (shown.standards, shown.references) == (("NIST-800-53 SI-4",), ("MITRE ATLAS AML.M0004",))
    assert shown.place is not None
    assert (shown.place.path, shown.place.line) == ("framework/mitigations.yml", 3)
    stated = "incident severity, at least high (a major incident)"
    assert shown.triggers[:3] == ("every 6 months", stated, "every 3 months [promise]")
    assert shown.triggers[3].startswith("also, by default: ")
    assert "model change" in shown.triggers[3]


def test_records_are_newest_first_with_everything_about_them() -> None:
    past = made(
        PastAssessment, id="old", mitigation="filter", assessed_on="2026-01-05", decision="effective", attestor="safety-lead",
        source=SOURCE,
    )  # fmt: skip
    story = Evaluation(more=(deployment("public-api", model="large"), past))
    story.attach(reading(outcomes(names(400))), with_plan=False)
    (reassessment,) = story.assessment_input.history.open
    item = SignedItem(item="all", digest=f"signed/1:{digest(b'it')}")
    story.add(
        SignedOff(
            reassessment=reassessment.id, role="red-team-lead", says="approve", step=1, items=(item,),
            content=reassessment.opened.content or "",
        ),
        2,
    )  # fmt: skip
    story.conclude("filter", because="It held.")
    story.objects[digest(canonical("It held."))] = "It held."
    (subject,) = built(story).subjects
    decided, imported = subject.records
    assert (decided.id, decided.state, decided.decision, decided.by) == (
        "R-2026-001",
        "decided",
        "effective",
        "account 2",
    )
    assert (decided.reason, decided.decided, decided.is_late) == ("It held.", TODAY, True)
    assert decided.sign_offs == ("red-team-lead (approve): account 2, Tue 1 Dec 2026",)
    assert decided.evidence == ("result file for attempts that pass, file (entry 2)",)
    assert decided.figures[0].verdict == "met"
    assert (imported.id, imported.by, imported.basis, imported.state) == ("old", "imported", "imported", "imported")
    assert imported.why == ("imported from old.csv, row 4",)


def test_each_entry_says_what_it_did_and_who_signed_it() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    (record,) = built(story).subjects[0].records
    assert [(own.seq, own.kind, own.trust, own.words) for own in record.entries] == [
        (1, "opened", "unsigned", "due 2026-12-15"),
        (2, "decided", "unsigned", "effective (attested)"),
    ]
    assert record.entries[0].digest == (chained(story).digest_of(1) or "").removeprefix("sha256:")


def test_entries_by_the_key_in_force_are_signed() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    ring = Keyring(key("old"))
    records = with_keys([Record(body=entry.body) for entry in story.entries], LedgerState(), ring)
    entries = [
        story.entries[0].model_copy(update={"seq": number, "body": own.body}) for number, own in enumerate(records, 1)
    ]
    ledger = additions(LedgerState(), entries, {}, ring)[1]
    plain = input_of(story)
    facts = replace(plain.assessment_input, history=History.of(ledger.entries))
    dashboard = build_dashboard(replace(plain, ledger=ledger, assessment_input=facts))
    assert {own.trust for record in dashboard.subjects[0].records for own in record.entries} == {"signed"}
    assert dashboard.problems == ()


def test_what_was_not_read_of_a_text_is_said() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    assert built(story, objects={}).subjects[0].records[0].reason == "(not read here, or redacted)"


def test_a_late_decision_is_late_and_a_closed_one_says_why() -> None:
    story = Story(register(mitigation(last_assessed="2026-06-05")))
    story.sweep()
    story.move_to(date(2026, 12, 20))
    assert built(story).subjects[0].records[0].is_late
    story.conclude("filter")
    (record, _) = built(story).subjects[0].records
    assert (record.due, record.decided, record.is_late) == (date(2026, 12, 5), date(2026, 12, 20), True)


def test_one_that_cannot_be_read_keeps_its_records() -> None:
    story = Story(register(mitigation("gone")))
    story.sweep()
    story.conclude("gone")
    story.register = without(story.register, "gone")
    (subject,) = built(story).subjects
    assert (subject.status, subject.title, subject.owner) == ("unreadable", "gone", "")
    assert [own.decision for own in subject.records] == ["effective"]
    assert subject.place is not None


def test_results_without_their_numbers_are_shown_by_their_verdict() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    decided = story.conclude("filter")
    lost = CriterionResult(name="it", verdict="missed", basis="counted")
    story.entries[-1] = story.entries[-1].model_copy(update={"body": decided.model_copy(update={"criteria": (lost,)})})
    (figure,) = built(story, objects={}).subjects[0].records[0].figures
    assert (figure.verdict, figure.kind, figure.value) == ("missed", "unknown", None)
