"""The problems of a dashboard: each kind, with its place and its remedy, and what cannot be read first."""

from dataclasses import replace

from reassay.common.canonical import canonical, digest
from reassay.common.errors import UpstreamError
from reassay.dashboard.build import build_dashboard
from reassay.dashboard.values import Dashboard, DashboardProblem
from reassay.evidence.counted_verdicts import inputs_object
from reassay.ledger.entry import Entry
from reassay.ledger.history import History
from reassay.ledger.keys import KeyAdded, KeyRevoked
from reassay.ledger.store.codec import BrokenLedgerError
from reassay.register.finding import Finding, Position
from reassay.sweep.report import SweepFailure
from tests.make import Story, mitigation, register
from tests.results import Evaluation, names, outcomes, reading
from tests.unit.dashboard.building import built, chained, input_of, of_register
from tests.unit.dashboard.test_build_laws import without
from tests.unit.ledger.worlds import key

ERROR = Finding(Position("framework/models.yml", 2), "unknown-key", "'versoin' is not a key", "Write 'version'.")
SOURCE = {"id": "feed", "kind": "file", "path": "signals/feed.json", "gives": "incidents"}


def kinds(dashboard: Dashboard) -> list[str]:
    return [own.kind for own in dashboard.problems]


def of_kind(dashboard: Dashboard, kind: str) -> DashboardProblem:
    (own,) = (problem for problem in dashboard.problems if problem.kind == kind)
    return own


def test_without_anything_wrong_there_is_none() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    assert built(story).problems == ()


def test_what_cannot_be_read_comes_first_and_hides_its_own_error() -> None:
    story = Story(register(mitigation("filter"), mitigation("gone")))
    story.sweep()
    broken = without(story.register, "gone")
    story.register = replace(broken, findings=(ERROR, *broken.findings))
    failure = SweepFailure.of("issue 3", UpstreamError("GitHub answered 502.", remedy="It is tried again."))
    dashboard = built(story, sweep_problems=(failure,), ledger_problem="the ledger was not read")
    assert kinds(dashboard) == ["unreadable", "error", "ledger", "sweep"]
    lost, error = dashboard.problems[:2]
    assert (lost.what, lost.why) == ("mitigation gone", "It cannot be read: 'owner' is missing.")
    assert (lost.place and lost.place.line, lost.remedy) == (7, "Add `owner`.")
    assert (error.what, error.why, error.remedy) == (
        "framework/models.yml:2",
        "'versoin' is not a key.",
        "Write 'version'.",
    )
    assert of_kind(dashboard, "sweep").remedy == "It is tried again."


def test_a_source_that_was_never_read_is_blind() -> None:
    own = of_kind(of_register(register(mitigation(), signals={"sources": [SOURCE]})), "blind")
    assert (own.what, own.why) == ("source feed", "The source feed was never read.")
    assert "reassay signals status" in own.remedy


def test_entries_that_a_thief_may_have_written_are_unknown() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    plain = input_of(story)
    old, new = key("old"), key("new")
    bodies = (
        (KeyAdded(public_key=old.public_key, how="first"), True),
        (story.entries[0].body, True),
        (KeyAdded(public_key=new.public_key, how="rotation"), True),
        (KeyRevoked(key=old.id, revoked_from=2), True),
    )
    entries: list[Entry] = []
    for number, (body, signed) in enumerate(bodies, 1):
        update = {"seq": number, "body": body, "signed": signed, "prev": digest(canonical(number))}
        entries.append(story.entries[0].model_copy(update=update))
    ledger = replace(plain.ledger, entries=tuple(entries), last_digest=digest(b"4"))
    facts = replace(plain.assessment_input, history=History.of(entries))
    dashboard = build_dashboard(replace(plain, ledger=ledger, assessment_input=facts))
    assert "entries 2 to 3 are unknown" in {own.what for own in dashboard.problems}
    (line, *_) = dashboard.subjects[0].records[0].entries
    assert (line.seq, line.trust) == (2, "unknown-key")


def test_an_unsigned_entry_of_a_signed_ledger_is_broken() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    plain = input_of(story)
    first = story.entries[0].model_copy(
        update={"seq": 1, "signed": True, "body": KeyAdded(public_key=key("old").public_key, how="first")}
    )
    second = story.entries[0].model_copy(update={"seq": 2, "prev": digest(b"1")})
    ledger = replace(plain.ledger, entries=(first, second), last_digest=digest(b"2"))
    facts = replace(plain.assessment_input, history=History.of((first, second)))
    dashboard = build_dashboard(replace(plain, ledger=ledger, assessment_input=facts))
    assert "entry 2 cannot be verified" in of_kind(dashboard, "ledger").why.lower()
    assert dashboard.subjects[0].records[0].entries[0].trust == "broken"


def test_entries_that_were_not_verified_are_said() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    own = of_kind(built(story, ledger=chained(Story(register()))), "ledger")
    assert own.why.startswith("1 of the ledger's 1 entries were not verified here")


def test_a_recorded_verdict_that_computes_differently_is_said() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    story.conclude("filter")
    assert built(story).problems == ()
    tampered = dict(story.objects)
    (result,) = story.assessment_input.history.reassessments["R-2026-001"].decided.criteria  # type: ignore[union-attr] # decided
    verdict = story.verdict()
    assert verdict.computed_from is not None
    worse = verdict.computed_from.verdicts[0].model_copy(update={"verdict": "missed"})
    tampered[result.inputs or ""] = inputs_object(verdict.computed_from.model_copy(update={"verdicts": (worse,)}))
    own = of_kind(built(story, objects=tampered), "verdict")
    assert own.what == "R-2026-001: attempts that pass"
    assert "computed again from the recorded inputs, it is met" in own.why


def test_a_verdict_without_any_object_that_it_rests_on_is_said_to_be_unconfirmed() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    story.conclude("filter")
    (result,) = story.assessment_input.history.reassessments["R-2026-001"].decided.criteria  # type: ignore[union-attr] # decided
    verdict = story.verdict()
    assert verdict.computed_from is not None
    readings = {run.readings for case in verdict.computed_from.cases for run in case.runs}
    assert readings
    for missing in {result.inputs or "", *readings}:
        rest = {name: own for name, own in story.objects.items() if name != missing}
        own = of_kind(built(story, objects=rest), "verdict")
        assert own.why.startswith("Recorded as met; it cannot be computed again: ")
        assert "redacted" in own.why


def test_a_sweep_that_refused_the_ledger_is_a_problem_of_the_ledger() -> None:
    failure = SweepFailure.of("ledger", BrokenLedgerError("entries/1.json", "entry 1 was changed"))
    assert kinds(built(Story(register(mitigation())), sweep_problems=(failure,))) == ["ledger"]
