"""What a change cannot reach is not read, and the verdict is the same as if everything had been."""

from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from reassay.approvals.change_sheet import ChangeSheet
from reassay.assessment.cells import Situation
from reassay.gate.decide import decide
from reassay.gate.input import GateInput, Proposal
from reassay.gate.views.documents import gate_document
from reassay.register.files import read_register, reader
from reassay.register.files.reach import NAMED
from reassay.register.files.two_sides import read_two
from reassay.register.mentions import mentions
from reassay.register.register import KINDS, Register
from tests.make import Story
from tests.unit.register.trees import Files, MemoryTree

ALL = 10**9
TODAY = date(2026, 6, 1)
SETTINGS = "mode: enforce\nroles:\n  safety: {users: [safety-lead]}\n  red-team: {users: [red-team-lead]}\n"
FOLDER = "framework/mitigations"


def mitigation(name: str, threats: tuple[str, ...] = (), deployments: tuple[str, ...] = (), more: str = "") -> str:
    lists = "".join(
        f"{key}: [{', '.join(values)}]\n"
        for key, values in (("threat_models", threats), ("deployments", deployments))
        if values
    )
    return f"id: {name}\ntitle: It\nowner: safety\nassessor: red-team\nevery: 6 months\n{lists}{more}"


def deployment(name: str, audience: str = "external", more: str = "") -> str:
    return f"id: {name}\ntitle: It\naudience: {audience}\n{more}"


def settings_file(text: str = SETTINGS) -> Files:
    return {".github/reassay.yml": text}


def verdict(sides: tuple[Register, Register], story: Story) -> object:
    base, merged = sides
    situation = Situation(base, story.situation.history, story.situation.snapshots, story.now)
    proposal = Proposal("main", "0" * 40, "1" * 40, base, merged)
    facts = GateInput(proposal, situation)
    sheet = ChangeSheet(facts)
    return gate_document(decide(facts, sheet), sheet)


def both(before: Files, after: Files, decided: dict[str, str] | None = None) -> tuple[Register, Register]:
    """Judges both readings; returns the narrow one."""
    trees = MemoryTree(before), MemoryTree(after)
    wide, narrow = read_two(*trees, worth_it=ALL), read_two(*trees, worth_it=0)
    story = Story(read_register(trees[0]), TODAY)
    story.sweep()
    for name, decision in (decided or {}).items():
        if story.situation.history.open_for(name) is not None:
            story.conclude(name, decision)
    story.move_to(date(2026, 11, 15))
    assert verdict(narrow, story) == verdict(wide, story)
    return narrow


BASE: Files = {
    **settings_file(),
    f"{FOLDER}/one.yml": mitigation("one", ("misuse",), ("api",)),
    f"{FOLDER}/two.yml": mitigation("two", ("misuse", "theft"), ("api",)),
    f"{FOLDER}/three.yml": mitigation("three", ("theft",), ("app",)),
    f"{FOLDER}/four.yml": mitigation("four", ("fraud",), ("app",)),
    f"{FOLDER}/five.yml": mitigation("five", (), ("app",)),
    f"{FOLDER}/all.yml": mitigation("all"),
    "framework/deployments/api.yml": deployment("api", more="modalities_in: [text]\nmodalities_out: [text]\n"),
    "framework/deployments/app.yml": deployment("app"),
    "framework/threat-models/t.yml": "- {id: misuse, title: M}\n- {id: theft, title: T}\n- {id: fraud, title: F}\n",
    "framework/incidents/i.yml": (
        "- {id: i1, title: I, first_seen_at: 2026-05-02T09:00:00Z, severity: high, mitigations_failed: [five]}\n"
    ),
}
LONGER = mitigation("one", ("misuse",), ("api",)).replace("6 months", "1 year")
AUDIO = deployment("api", more="modalities_in: [text, audio]\nmodalities_out: [text]\n")
CHANGES: dict[str, tuple[Files, set[str]]] = {
    "one mitigation, what shares its threat model, what shares theirs": (
        {f"{FOLDER}/one.yml": LONGER},
        {"one", "two", "three", "five"},
    ),
    "nothing of the register": ({"README.md": "words"}, {"five"}),
    "a deployment, what serves it, and what serves all": (
        {"framework/deployments/api.yml": AUDIO},
        {"one", "two", "three", "all", "five"},
    ),
    "a threat model, and what stands in its file": (
        {
            "framework/threat-models/t.yml": str(BASE["framework/threat-models/t.yml"]).replace(
                "title: F", "title: Fraud"
            )
        },
        {"one", "two", "three", "four", "five"},
    ),
    "a new one": ({f"{FOLDER}/new.yml": mitigation("new", ("fraud",), ("app",))}, {"new", "four", "five"}),
    "a renamed one": (
        {
            f"{FOLDER}/five.yml": mitigation("six", (), ("app",), "formerly: [five]\n"),
            "framework/incidents/i.yml": "[]\n",
        },
        {"five", "six"},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_reached_is_read_and_the_rest_is_known_by_name(name: str) -> None:
    change, expected = CHANGES[name]
    before, after = both(BASE, {**BASE, **change})
    assert not before.errors
    assert not after.errors
    assert before.mitigations.keys() | after.mitigations.keys() == expected
    assert all(
        each in after.mitigations or after.declares_mitigation(each) for each in ("one", "two", "three", "four", "all")
    )


def test_a_mitigation_names_nothing_but_what_is_searched_for() -> None:
    """Its mentions are all that a rule could follow from an unread file; who adds one adds it to NAMED."""
    parts = "parts:\n  - {name: p, assessors: [red-team], deployments: [api]}\n"
    text = mitigation("one", ("misuse",), ("api", "app"), parts)
    read = read_register(MemoryTree({**BASE, f"{FOLDER}/one.yml": text}))
    found = {kind for _, kind, _ in mentions(read.mitigations["one"].value)}
    assert found == {"deployment", "threat-model"} == {name for name, kind in KINDS.items() if kind in NAMED}


WHOLE: dict[str, Files] = {
    "a commitment": {
        "framework/commitments/c.yml": (
            "id: c\ntitle: C\nowner: safety\nassessor: red-team\nstatement: S\nsource: {organisation: O, document: D}\n"
            "subject: {kind: mitigation}\n"
        )
    },
    "a model": {"framework/models/m.yml": "id: m\ntitle: M\nversion: '1'\n"},
    "the configuration": settings_file(SETTINGS + "timezone: Europe/Berlin\n"),
    "an error": {f"{FOLDER}/one.yml": LONGER.replace("api", "nowhere")},
    "a broken file": {f"{FOLDER}/one.yml": "id: [\n"},
    "an id that an unread file has": {f"{FOLDER}/one.yml": LONGER.replace("id: one", "id: four")},
}


@pytest.mark.parametrize("name", WHOLE)
def test_in_doubt_everything_is_read(name: str) -> None:
    before, _ = both(BASE, {**BASE, **WHOLE[name]})
    assert before.mitigations.keys() == {"one", "two", "three", "four", "five", "all"}


UNUSUAL: dict[str, str] = {
    "an escape": 'id: four\ntitle: "\\x66our"\n',
    "a second document": "id: four\ntitle: T\n---\nid: other\n",
    "another kind": "id: four\nkind: mitigation\n",
    "a quoted key": '"id": four\ntitle: T\n',
    "a long key": "? id\n: four\ntitle: T\n",
    "a list": "- id: four\n  title: T\n",
    "a collection": "mitigations:\n- id: four\n  title: T\n",
    "settings": "mode: enforce\nmitigations: []\nid: four\n",
    "line ends of another system": "id: four\r\ntitle: T\r\n",
    "an id with a note": "id: four # the fourth\ntitle: T\n",
    "an id twice": "id: four\ntitle: T\nid: five\n",
    "a former id": "id: four\ntitle: T\nformerly: [five-old]\n",
    "a byte that ends texts": "id: four\ntitle: T\0\n",
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_a_file_that_is_written_in_an_unusual_way_is_always_read(name: str) -> None:
    base = {**BASE, f"{FOLDER}/four.yml": UNUSUAL[name]}
    with patch("reassay.register.files.two_sides.read_files", wraps=reader.read_files) as seen:
        both(base, {**base, f"{FOLDER}/one.yml": LONGER})
    assert any(each.path == f"{FOLDER}/four.yml" for call in seen.call_args_list[-8:] for each in call.args[0])


def test_a_sibling_that_was_not_read_is_not_lost() -> None:
    """A re-assessment remembers who stood beside it; one that moved to another threat model is still in the register."""
    moved = {**BASE, f"{FOLDER}/two.yml": mitigation("two", ("fraud",), ("app",))}
    story = Story(read_register(MemoryTree(BASE)), TODAY)
    story.sweep()
    story.conclude("one")
    story.move_to(date(2026, 7, 1))
    trees = MemoryTree(moved), MemoryTree({**moved, f"{FOLDER}/one.yml": LONGER})
    narrow = read_two(*trees, worth_it=0)
    assert "two" in narrow[0].elsewhere
    assert verdict(narrow, story) == verdict(read_two(*trees, worth_it=ALL), story)


def test_files_parsed_do_not_grow_with_the_register() -> None:
    def parsed(count: int) -> int:
        many = {**BASE, **{f"{FOLDER}/far{n}.yml": mitigation(f"far-{n}", (), ("app",)) for n in range(count)}}
        changed = {f"{FOLDER}/far{n}.yml": mitigation(f"far-{n}", (), ("app",)).replace("6", "7") for n in (1, 2, 3)}
        with patch("reassay.register.files.reader._one", wraps=reader._one) as one:
            read_two(MemoryTree(many), MemoryTree({**many, **changed}))
        return one.call_count

    assert parsed(500) == parsed(2_000)
    assert parsed(2_000) < 20


def test_a_name_that_a_file_which_is_read_anyway_has_as_well_is_something_to_be_said() -> None:
    twice = {**BASE, "framework/mitigations.yml": "- {id: four, title: It, owner: safety, assessor: red-team}\n"}
    before, after = both(twice, {**twice, f"{FOLDER}/one.yml": LONGER})
    assert [each.code for each in after.errors] == ["colliding-id", "colliding-id"]
    assert before.errors == after.errors


NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
THREATS = ("misuse", "theft", "fraud")
PLACES = ("api", "app", "lab")


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), unique=True, max_size=2).map(tuple)


extra = st.sampled_from(["", "status: retired\n", "every: 1 year\n", "last_assessed: 2026-01-01\n", "layer: model\n"])
one_mitigation = st.tuples(some(THREATS), some(PLACES), extra)
one_deployment = st.tuples(
    st.sampled_from(["external", "internal"]), st.sampled_from(["", "modalities_in: [text, audio]\n"])
)


@st.composite
def registers(draw: st.DrawFn) -> Files:
    files: dict[str, str | bytes] = {**settings_file()}
    for name in NAMES:
        threats, places, more = draw(one_mitigation)
        text = mitigation(name, threats, places)
        files[f"{FOLDER}/{name}.yml"] = text.replace("every: 6 months\n", "") + more if "every" in more else text + more
    for name in PLACES:
        files[f"framework/deployments/{name}.yml"] = deployment(name, *draw(one_deployment))
    files["framework/threat-models/t.yml"] = "".join(f"- {{id: {each}, title: T}}\n" for each in THREATS)
    about = draw(some(NAMES))
    files["framework/incidents/i.yml"] = (
        f"- {{id: i, title: I, first_seen_at: 2026-05-01T09:00:00Z, severity: high, mitigations_failed: [{', '.join(about)}]}}\n"
    )
    return files


@given(registers(), registers(), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_the_verdict_is_the_same_whatever_is_left_unread(before: Files, other: Files, data: st.DataObject) -> None:
    taken = data.draw(st.lists(st.sampled_from(sorted(other)), max_size=2, unique=True))
    after = {**before, **{path: other[path] for path in taken}}
    for path in data.draw(st.lists(st.sampled_from([f"{FOLDER}/{name}.yml" for name in NAMES]), max_size=1)):
        del after[path]
    decided = data.draw(
        st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["effective", "ineffective"]), max_size=3)
    )
    narrow, _ = both(before, after, decided)
    event(f"unread: {len(narrow.elsewhere)}")
