"""References to publications, and ids of related objects of any kind."""

import pytest

from reassay.assessment.written_facts import written_facts
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.sweep.overrides import Overrides
from reassay.sweep.views.issue import view
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model
from tests.make import TODAY, Story, mitigation, register, threat_model
from tests.unit.register.trees import read, told

HEAD = "roles: {safety-lead: {users: [a-lead]}, board: {users: [b-lead]}}\nmitigations:\n"
FILTER = "  - {id: filter, title: Filter, owner: safety-lead, assessor: board, every: 6 months, "


def findings(rest: str) -> list[str]:
    return told(read({"framework/m.yml": f"{HEAD}{FILTER}{rest}}}\n"}).findings)


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        ("references: [{source: MITRE ATLAS, id: AML.M0004}]", []),
        ("references: [{source: MITRE ATLAS, url: 'https://atlas.example/AML.M0004'}]", []),
        ("references: [{source: MITRE ATLAS}]", ["contradiction"]),
        ("references: [{id: AML.M0004}]", ["missing-key"]),
        ("references: [{source: ATLAS, url: 'javascript:alert(1)'}]", ["bad-url"]),
        ("references: [{source: ATLAS, id: 4}]", ["wrong-type"]),
        ("kind_of_control: detective", []),
        ("kind_of_control: detektive", ["not-one-of"]),
        ("related: [filter]", ["without-effect"]),
        ("related: [filtre]", ["unknown-reference"]),
    ],
)
def test_what_check_says_of_them(rest: str, codes: list[str]) -> None:
    assert [line.rpartition(" ")[2] for line in findings(rest)] == codes


def test_an_object_of_any_kind_may_be_related_and_one_given_twice_is_remarked() -> None:
    files = {
        "framework/m.yml": f"{HEAD}{FILTER}related: [misuse, titan, misuse]}}\nmodels: [{{id: titan, title: T, version: '1'}}]\n",
        "framework/threat-models/misuse.yml": "{title: Misuse, id: misuse}\n",
    }
    twice = [line for line in told(read(files).findings) if "listed-twice" in line]
    assert len(twice) == 1


def test_related_objects_are_shown_to_whoever_assesses_either_of_them() -> None:
    held = register(mitigation("filter", related=["misuse", "twin"]), mitigation("twin"), threat_model("misuse"))
    index = Story(held).assessment_input.register_index
    around = {
        name: [(fact.kind, fact.id) for fact in written_facts(held.mitigations[name].value, ("*",), index, TODAY)]
        for name in held.mitigations
    }
    assert around["filter"] == [("mitigation", "filter"), ("mitigation", "twin"), ("threat model", "misuse")]
    assert around["twin"] == [("mitigation", "twin"), ("mitigation", "filter")]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("references", [{"source": "ATLAS", "id": "AML.M0004"}], "another source"),
        ("related", ["misuse"], "other objects"),
        ("kind_of_control", "preventive", "another kind of control"),
        ("function", "measure", "another function"),
        ("actor", "developer", "somebody else"),
        ("serves", "weights", "something else"),
    ],
)
def test_each_way_of_changing_them_is_looser_and_says_why(field: str, value: object, why: str) -> None:
    bare, full = (register(mitigation("filter", **fields), threat_model("misuse")) for fields in ({}, {field: value}))
    for before, after in ((bare, full), (full, bare)):
        (change,) = compare(before, after, TODAY)
        assert (change.field, change.direction) == (field, Direction.LOOSER)
        assert why in change.why


def test_an_issue_lists_references_without_links_and_mentions() -> None:
    hostile = {"source": "ATLAS @someone [x](y)", "id": "AML.M0004", "url": "https://atlas.example/`x`"}
    story = Story(register(mitigation("filter", references=[hostile, {"source": "FINOS", "id": "mi-1"}])))
    story.sweep()
    facts = story.assessment_input
    context = IssueContext(facts.cells, story.objects, Overrides(), "https://github.example/lab", viewer="reassay")
    (text,) = (view(issue_model(own, facts, context)).section.text for own in facts.history.reassessments.values())
    listed = text.partition("**References**\n")[2].partition("\n\n")[0]
    assert listed.splitlines() == [
        "- ATLAS @\u2060someone \\[x\\](y) `AML.M0004`, `` https://atlas.example/`x` ``",
        "- FINOS `mi-1`",
    ]
