"""Law 2, facts: recording a new one is free; changing a recorded one is looser unless it provably makes more fire."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.assessment.triggers.base import Fired, LastAssessment
from reassay.assessment.triggers.incident_severity import evaluate as incident_severity
from reassay.assessment.triggers.new_information import evaluate as new_information
from reassay.changes import compare
from reassay.changes.base import Change, Direction
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident, IncidentKind, Severity
from reassay.register.information import InformationItem
from reassay.register.register import Register
from tests.laws.full_documents import DOCUMENTS
from tests.laws.full_register import holding
from tests.laws.mutations import every_mutation
from tests.make import TODAY, facts, made, mitigation, register, trigger

LOOSER, TIGHTER, NEUTRAL = Direction.LOOSER, Direction.TIGHTER, Direction.NEUTRAL
FACTS = ("incident", "information-item", "evidence-item")
MAKES_MORE_FIRE = {
    "incident": {"severity", "mitigations_failed"},
    "information-item": {"affects", "triage", "triage_due"},
    "evidence-item": {"valid_until"},
}
SUBJECT = mitigation("filter")
DAYS = st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))


def directions(changes: tuple[Change, ...]) -> set[Direction]:
    return {change.direction for change in changes}


@pytest.mark.parametrize("kind", FACTS)
def test_a_recorded_fact_that_changes_is_looser_in_every_field_but_a_few(kind: str) -> None:
    for mutation, changes, _ in every_mutation():
        for change in changes if mutation.kind == kind else ():
            expected = {LOOSER, TIGHTER} if change.field in MAKES_MORE_FIRE[kind] else {LOOSER}
            same = {NEUTRAL} if change.why == "the same members in another order" else set()
            assert change.direction in expected | same, mutation.place


@given(st.integers(-30, 400))
def test_news_whose_triage_is_put_off_beyond_the_usual_time_is_not_free(days: int) -> None:
    known = date(2026, 11, 1)
    item = made(InformationItem, id="suffix", kind="jailbreak", known_at="2026-11-01T09:00:00Z", source="a report",
                affects=["filter"], triage_due=str(known + timedelta(days=days)))  # fmt: skip
    usual = register().configuration.defaults.triage_within.after(known)
    is_put_off = known + timedelta(days=days) > usual
    assert directions(compare(register(SUBJECT), register(SUBJECT, item), TODAY)) == {LOOSER if is_put_off else NEUTRAL}


@pytest.mark.parametrize(("kind", "document"), [each for each in DOCUMENTS if each[0] in FACTS])
def test_a_new_fact_is_free_unless_it_carries_its_own_verdict_and_a_removed_one_is_looser(
    kind: str, document: Mapping[str, object]
) -> None:
    whole = holding(kind, dict(document))
    verdict = document.get("triage")
    is_settled = bool(document.get("signals")) or (isinstance(verdict, dict) and verdict["material"] is False)
    assert directions(compare(register(), whole, TODAY)) == {LOOSER if is_settled else NEUTRAL}
    assert directions(compare(whole, register(), TODAY)) == {LOOSER}


@pytest.mark.parametrize("words", [{"signals": ["alerts-0123456789ab"]}, {"id": "alerts-0123456789ab"}])
def test_a_fact_that_takes_the_place_of_a_received_signal_is_not_free(words: dict[str, object]) -> None:
    source = {"id": "alerts", "kind": "alertmanager", "secret": "ALERTS"}
    base = register(SUBJECT, signals={"sources": [source]})
    fact = {"id": "mild", "title": "Mild", "severity": "low", "first_seen_at": "2026-11-01T09:00:00Z"}
    free = register(SUBJECT, made(Incident, **fact), signals={"sources": [source]})
    assert directions(compare(base, free, TODAY)) == {NEUTRAL}
    instead = register(SUBJECT, made(Incident, **(fact | words)), signals={"sources": [source]})
    assert directions(compare(base, instead, TODAY)) == {LOOSER}


def fires(kind: str, whole: Register, last: LastAssessment | None, today: date) -> set[str]:
    """Ids of what fires for the mitigation `filter`."""
    others = [entry.value for name in FACTS for entry in whole.objects(name).values()]
    about = facts(SUBJECT, *others, last=last, today=today)
    if kind == "incident":
        found = incident_severity(trigger("incident-severity", at_least="high"), about)  # type: ignore[arg-type] # that kind
    else:
        found = new_information(trigger("new-information"), about)  # type: ignore[arg-type] # that kind
    return set(found.about.split(",")) if isinstance(found, Fired) else set()


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    return Incident.model_validate_json(
        Incident.model_construct(
            id="leak",
            title="Leak",
            kind=draw(st.sampled_from(IncidentKind.__args__)),  # type: ignore[attr-defined] # a Literal
            severity=draw(st.sampled_from(list(Severity))),
            mitigations_failed=draw(st.sampled_from([(), ("filter",), ("other",), ("filter", "other")])),
            first_seen_at=f"{draw(DAYS)}T08:00Z",  # type: ignore[arg-type] # as written
            similar_model=draw(st.booleans()),
        ).model_dump_json(warnings=False)
    )


@st.composite
def items(draw: st.DrawFn) -> InformationItem:
    triage = st.none() | st.builds(
        lambda on, material: {"material": material, "rationale": "R", "by": "red-team-lead", "on": str(on)},
        DAYS,
        st.booleans(),
    )
    document = {
        "id": "suffix", "title": "Suffix", "kind": "jailbreak", "source": "paper", "known_at": f"{draw(DAYS)}T08:00Z",
        "affects": draw(st.sampled_from([[], ["filter"], ["other"], ["filter", "other"]])),
        "triage": draw(triage), "triage_due": draw(st.none() | DAYS.map(str)),
    }  # fmt: skip
    import json

    return InformationItem.model_validate_json(
        json.dumps({key: value for key, value in document.items() if value is not None})
    )


LAST = st.none() | st.builds(
    lambda day: LastAssessment(day, "imported", "effective"), st.dates(TODAY - timedelta(days=60), TODAY)
)


@given(incidents(), incidents(), LAST)
def test_an_incident_goes_quiet_only_with_a_looser_change(
    before: Incident, after: Incident, last: LastAssessment | None
) -> None:
    _quiet_means_looser("incident", register(before), register(after), last)


@given(items(), items(), LAST)
def test_news_go_quiet_only_with_a_looser_change(
    before: InformationItem, after: InformationItem, last: LastAssessment | None
) -> None:
    _quiet_means_looser("information-item", register(before), register(after), last)


def _quiet_means_looser(kind: str, before: Register, after: Register, last: LastAssessment | None) -> None:
    changes = compare(before, after, TODAY)
    if any(change.is_looser for change in changes):
        return
    assert fires(kind, before, last, TODAY) <= fires(kind, after, last, TODAY), changes


@pytest.mark.parametrize(
    ("fields", "is_free"),
    [({}, True), ({"triage": {"material": True}}, True), ({"triage": {"material": False}}, False)],
)
def test_new_information_with_a_verdict_of_its_own(fields: dict[str, dict[str, bool]], is_free: bool) -> None:
    document = {"id": "n", "title": "N", "kind": "research", "known_at": "2026-11-01", "source": "paper"}
    more = {name: {"rationale": "R", "by": "attacker", "on": "2026-11-30"} | value for name, value in fields.items()}
    assert directions(compare(register(), holding("information-item", document | more), TODAY)) == {
        NEUTRAL if is_free else LOOSER
    }


@given(DAYS)
def test_evidence_that_is_dated_ahead_is_not_free(day: date) -> None:
    """It takes nothing off today, and would take everything off on a day on which no pull request is judged."""
    document = {
        "id": "ev", "title": "Red team", "mitigations": ["filter"], "method": "test", "performed_by": "lab",
        "performed_at": day.isoformat(), "finding": "0 of 10",
    }  # fmt: skip
    added = compare(register(SUBJECT), register(SUBJECT, made(EvidenceItem, **document)), TODAY)
    assert directions(added) == ({LOOSER} if day > TODAY else {NEUTRAL})
