"""Laws of the dashboard over generated registers and ledgers: nothing is left out, and nothing reads calmer than it is."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reassay.dashboard.build import build_dashboard
from reassay.dashboard.values import Dashboard
from reassay.register.finding import Finding, Position
from reassay.register.register import Register
from reassay.register.unreadable_entry import UnreadableEntry
from tests.examples import examples
from tests.make import Story
from tests.unit.assessment.generated_stories import stories
from tests.unit.dashboard.building import built, input_of

FEW = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
CALM = frozenset({"current", "due-soon"})


@pytest.mark.slow
@FEW
@given(stories())
def test_every_cell_is_there_once_and_the_text_gives_the_value_back(story: Story) -> None:
    inputs = input_of(story)
    dashboard = build_dashboard(inputs)
    wanted = sorted((cell.subject, cell.cell, str(cell.state)) for cell in inputs.cells)
    assert sorted((own.subject, own.deployment, own.state) for own in dashboard.cells) == wanted
    assert {own.id for own in dashboard.subjects} == {cell.subject for cell in inputs.cells}
    assert Dashboard.model_validate_json(dashboard.model_dump_json()) == dashboard
    assert build_dashboard(input_of(story)) == dashboard


@pytest.mark.slow
@FEW
@given(stories())
def test_nothing_reads_calmer_than_its_cells(story: Story) -> None:
    dashboard = built(story)
    by_cell = {(own.subject, own.deployment): own for own in dashboard.cells}
    for own in dashboard.cells:
        if own.state not in CALM or own.is_blind or own.timing == "overdue":
            assert not own.verdict.startswith("effective")
    for line in dashboard.commitments:
        cells = [own for (subject, _), own in by_cell.items() if subject in line.subjects and own.state != "retired"]
        late = any(own.timing == "overdue" or own.state in {"ineffective", "overdue"} for own in cells)
        if line.standing == "kept":
            assert cells
            assert all(own.state == "current" and not own.is_blind and own.basis != "imported" for own in cells)
        if late and line.standing != "not-in-force":
            assert line.standing == "broken"
    for row in dashboard.layers:
        for place in row.cells:
            for member in place.members:
                names = ((member.mitigation, place.deployment), (member.mitigation, "*"))
                states = [by_cell[name] for name in names if name in by_cell]
                if member.counts:
                    assert all(own.timing in CALM and not own.is_blind for own in states)
            assert place.counted <= sum(member.counts for member in place.members)
            assert place.is_short == (place.counted < place.minimum)


@pytest.mark.slow
@FEW
@given(stories(), st.data())
def test_what_cannot_be_read_is_a_problem_and_is_not_calm(story: Story, data: st.DataObject) -> None:
    """An entry that breaks: it is first among the problems, and its cells stay, unreadable."""
    name = data.draw(st.sampled_from(sorted(story.register.subjects)))
    story.register = without(story.register, name)
    dashboard = built(story)
    first = dashboard.problems[0]
    assert first.kind == "unreadable"
    assert name in first.what
    assert first.place is not None
    lost = [own for own in dashboard.cells if own.subject == name]
    assert lost
    assert {own.state for own in lost} == {"unreadable"}
    assert all(own.is_wrong for own in lost)
    assert next(own.group for own in dashboard.duties if own.subject == name) == "now"
    about = {key for key, own in story.register.commitments.items() if not own.value.has_its_own_clock}
    is_mitigation = name in story.register.broken.get("mitigation", ())
    for line in dashboard.commitments:
        if name in {line.id, *line.subjects} or (is_mitigation and line.id in about):
            assert line.standing != "kept"
    members = (own for row in dashboard.layers for place in row.cells for own in place.members)
    assert not any(own.counts for own in members if own.mitigation == name)


def without(register: Register, name: str) -> Register:
    """The register in which the entry of a subject has an error."""
    kind = "mitigation" if name in register.mitigations else "commitment"
    finding = Finding(Position("framework/mitigations.yml", 7), "missing-field", "'owner' is missing", "Add `owner`.")
    entry = UnreadableEntry(finding, kind=kind, id=name)
    return replace(
        register,
        mitigations={key: own for key, own in register.mitigations.items() if key != name},
        commitments={key: own for key, own in register.commitments.items() if key != name},
        findings=(*register.findings, finding),
        broken={kind: frozenset({name})},
        unreadable=(entry,),
    )
