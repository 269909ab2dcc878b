"""Law 2: nothing asked for goes quiet unsigned. The oracle here compares cells by itself, without the gate's own comparison."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput, CellStatus, State, assess
from reassay.changes.base import Direction
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.people.people import Directory
from reassay.register.evidence_item import EvidenceItem
from reassay.register.finding import Origin
from reassay.register.incident import Incident, Severity
from reassay.register.information import InformationItem
from reassay.register.lint.collisions import collect
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject
from tests.examples import examples
from tests.make import TODAY, Story, commitment, deployment, made, mitigation, model, register
from tests.unit.assessment.generated_stories import happenings, mitigations, stories

QUICK = settings(max_examples=examples(80), deadline=None, suppress_health_check=list(HealthCheck))


def gate(story: Story, merged: Register) -> GateInput:
    facts = replace(story.assessment_input, people=Directory({}, {}, is_known=True))
    return GateInput(Proposal("main", "0" * 40, "1" * 40, base=story.register, merged=merged), facts)


def verdict(story: Story, merged: Register) -> Verdict:
    return decide(gate(story, merged))


def objects(what: Register) -> dict[tuple[str, str], RegisterObject]:
    return {(kind, name): entry.value for kind in KINDS for name, entry in what.objects(kind).items()}


def with_objects(what: Register, own: Mapping[tuple[str, str], RegisterObject]) -> Register:
    origin = Origin("framework/mitigations.yml", {(): (3, 5)})
    entries = [RegisterEntry(each, origin, each.model_dump(mode="json", by_alias=True)) for each in own.values()]
    collected, findings = collect(entries)
    assume(not findings)
    return replace(collected, configuration=what.configuration)


FREE = {"incident", "information-item", "evidence-item"}
LATER = datetime(2099, 1, 1, tzinfo=UTC)
REWRITES: Mapping[str, tuple[Mapping[str, object], ...]] = {
    "incident": ({"kind": "hazard"}, {"first_seen_at": LATER}, {"deployment": "lab"}, {"severity": Severity.LOW}),
    "information-item": ({"known_at": LATER}, {"triage_due": LATER.date(), "triage": None}, {"affects": ("b",)}),
    "evidence-item": ({"performed_at": TODAY}, {"mitigations": ("a", "b", "c")}, {"finding": "Fine"}),
}


@st.composite
def edits(draw: st.DrawFn, what: Register) -> Register:
    """The register after a pull request: mostly facts are rewritten, added or removed, at times other objects too."""
    own = objects(what)
    actions = ["rewrite", "rewrite", "rewrite", "fresh"]
    if not draw(st.integers(0, 3)):
        actions += ["remove", "mitigation", "metrics", "title"]
    for _ in range(draw(st.integers(1, 2))):
        facts = [key for key in own if key[0] in FREE]
        match draw(st.sampled_from(actions)):
            case "rewrite" if facts:
                key = draw(st.sampled_from(facts))
                own[key] = own[key].model_copy(update=dict(draw(st.sampled_from(REWRITES[key[0]]))))
            case "remove" if facts:
                del own[draw(st.sampled_from(facts))]
            case "mitigation":
                own["mitigation", "a"] = draw(mitigations("a"))
            case "metrics":
                own["model", "large"] = model("large", "1", **draw(st.sampled_from([{}, {"compute": 1.0}])))
            case "title":
                own["deployment", "lab"] = own["deployment", "lab"].model_copy(update={"title": "Another"})
            case _:
                new = draw(happenings())
                own[next(kind for kind, cls in KINDS.items() if isinstance(new, cls)), new.id] = new
    return with_objects(what, own)


def is_calmer(now: CellStatus, then: CellStatus | None) -> bool:
    """By hand: what people see of a cell, its state, what fires, and its day."""
    if then is None:
        return bool(now.fired) or now.state in {State.OVERDUE, State.UNKNOWN}
    if {fired.kind for fired in now.fired} - {fired.kind for fired in then.fired}:
        return True
    if now.state is State.OVERDUE and then.state is not State.OVERDUE:
        return True
    if now.state is State.UNKNOWN and then.state is State.CURRENT and now.results:
        return True
    both = now.state is then.state is State.CURRENT and now.due is not None
    return both and (then.due is None or (now.due is not None and then.due > now.due))


def calmed(before: AssessmentInput, after: AssessmentInput) -> Iterable[tuple[str, str]]:
    then = {(cell.subject, cell.cell): cell for cell in assess(after)}
    return [
        (cell.subject, cell.cell) for cell in assess(before) if is_calmer(cell, then.get((cell.subject, cell.cell)))
    ]


@QUICK
@given(st.data())
def test_no_cell_is_calmer_after_an_unsigned_merge(data: st.DataObject) -> None:
    story = data.draw(stories())
    merged = data.draw(edits(story.register))
    before = story.assessment_input
    quiet = list(calmed(before, replace(before, register=merged)))
    if quiet:
        assert not verdict(story, merged).passes, quiet


@QUICK
@given(stories(), st.sampled_from(["low", "critical"]), st.booleans())
def test_recording_what_happened_is_free(story: Story, severity: str, news: bool) -> None:
    """Neither a new incident nor new untriaged news asks for a row, whatever the past."""
    own = objects(story.register)
    if news:
        fields = {"known_at": "2026-11-30", "affects": ["a"], "kind": "jailbreak", "source": "a report"}
        own["information-item", "fresh"] = made(InformationItem, id="fresh", **fields)
    else:
        fields = {"severity": severity, "first_seen_at": "2026-11-30T00:00:00Z", "mitigations_failed": ["a"]}
        own["incident", "fresh"] = made(Incident, id="fresh", **fields)
    result = verdict(story, with_objects(story.register, own))
    assert (result.rows, result.passes) == ((), True)


LEAK = {"severity": "critical", "first_seen_at": "2026-11-25T00:00:00Z", "mitigations_failed": ["filter"]}
NEWS = {"known_at": "2026-06-01", "affects": ["filter"], "kind": "jailbreak", "source": "a report"}
RUN = {"mitigations": ["filter"], "method": "test", "performed_by": "red team", "file": "evidence.md"}
STALE = {"triggers": [{"kind": "evidence-stale", "older_than": "6 months"}], "every": "2 years"}


def incident(**fields: object) -> Incident:
    return made(Incident, id="leak", **{**LEAK, "deployment": "public-api", **fields})


def news(**fields: object) -> InformationItem:
    return made(InformationItem, id="suffix", **{**NEWS, "triage_due": "2026-06-10", **fields})


def evidence(name: str = "run", **fields: object) -> EvidenceItem:
    return made(EvidenceItem, id=name, **{**RUN, "performed_at": "2026-01-05", "finding": "3 of 10", **fields})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([incident()], [incident(kind="hazard")]),
        ([incident()], [incident(first_seen_at="2099-11-25T00:00:00Z")]),
        ([incident()], [incident(deployment="staff-app")]),
        ([incident()], []),
        ([news()], [news(triage_due="2099-11-20")]),
        ([news()], [news(known_at="2099-01-01")]),
        ([evidence()], [evidence(performed_at="2026-11-30", finding="0 of 1000")]),
        ([evidence()], [evidence(), evidence("fresh", performed_at="2026-11-30", finding="fine")]),
    ],
)
def test_what_made_a_mitigation_be_asked_for_is_not_rewritten_unsigned(
    before: list[RegisterObject], after: list[RegisterObject]
) -> None:
    filter_ = mitigation(last_assessed="2026-01-10", deployments=["public-api"], every=None, reassess=STALE)
    around: list[RegisterObject] = [filter_, deployment(), deployment("staff-app", audience="internal")]
    story = Story(register(*around, *before))
    story.sweep()
    assert story.opened(), "a re-assessment is open that the change would close"
    result = verdict(story, register(*around, *after))
    assert not result.passes
    keys = {"mitigation/filter", "incident/leak", "information-item/suffix", "evidence-item/run"}
    assert any(row.requirement.about in keys for row in result.rows)


def test_the_signature_is_about_what_makes_it_quiet() -> None:
    """Whoever signs that a cell goes quiet signs the change that does it: another change voids the signature."""
    filter_ = mitigation(last_assessed="2026-11-01", deployments=["public-api"])
    around: list[RegisterObject] = [filter_, deployment(), deployment("staff-app", audience="internal")]
    story = Story(register(*around, incident()))
    digests = set()
    for change in ({"kind": "hazard"}, {"kind": "near-miss"}, {"deployment": "staff-app"}):
        gate_input = gate(story, register(*around, incident(**change)))
        digests.add(gate_input.changed_objects["incident/leak"].after)
    assert len(digests) == 3


def test_a_metric_that_calms_a_commitment_takes_its_signatures() -> None:
    below = [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5}]
    promise = commitment(
        subject={"kind": "model"}, triggers=below, last_assessed="2026-11-01",
        approval=[{"role": "board"}],
    )  # fmt: skip
    story = Story(register(promise, model("titan", "5", uplift=0.63)))
    result = verdict(story, register(promise, model("titan", "5", uplift=0.41)))
    assert ("commitment/promise", ("board",)) in {(row.requirement.about, row.requirement.roles) for row in result.rows}


def test_a_rollback_takes_the_light_signature_only() -> None:
    """A deployment that goes back to what was assessed stops a trigger, and is not made harder for that."""
    filter_ = mitigation(deployments=["public-api"])
    story = Story(register(filter_, deployment()), date(2026, 11, 1))
    story.sweep()
    story.conclude("filter")
    story.move_to(TODAY)
    story.register = register(filter_, deployment(modalities_in=["text", "audio"]))
    assert [cell.state for cell in assess(story.assessment_input)] == [State.TRIGGERED]
    result = verdict(story, register(filter_, deployment()))
    assert [row.requirement.id for row in result.rows] == ["deployment/public-api:review"]
    assert all(change.direction is not Direction.LOOSER for change in result.changes)
