"""Law 3: both sides are read where each says they are; what is not found there is removed, object by object."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.assessment.cells import AssessmentInput
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.ledger.history import History
from reassay.register.register import KINDS
from reassay.sweep.repository.pair import read_pair
from tests.examples import examples
from tests.laws.trees import Linked, Sub, Tree, repository
from tests.signed_rows import with_steps_signed

NOW = datetime(2026, 11, 15, 9, tzinfo=UTC)
CONFIGURATION = """\
mode: enforce
roles: {board: {users: [release-manager]}, red-team: {users: [red-team-lead]}}
gate: {loosening: [{role: red-team}], policy: [{role: board}]}
"""
OBJECTS = {
    "mitigations/filter": "owner: board\nassessor: red-team\nevery: 1 year\nlast_assessed: 2026-11-01\n",
    "mitigations/training": "owner: board\nassessor: red-team\nevery: 6 months\nlast_assessed: 2026-11-01\n",
    "deployments/api": "audience: internal\n",
    "threat-models/misuse": "minimum_layers: {external: 2}\n",
    "incidents/leak": "kind: incident\nseverity: high\nfirst_seen_at: 2026-06-01\nmitigations_failed: [filter]\n",
    "models/large": "version: '5'\n",
    "delegations/loan": "role: board\nfrom: release-manager\nto: auditor\nstart: 2026-01-01\nend: 2027-01-01\n",
}
LOOSER = {"every: 1 year": "every: 9 years", "every: 6 months": "every: 7 years", "audience: internal": "audience: external",
          "severity: high": "severity: low", "version: '5'": "version: '6'", "external: 2": "external: 1",
          "to: auditor": "to: attacker"}  # fmt: skip
PLACES = ("policy", "nowhere", "framework/mitigations", "deep/er/register")
objects = st.sets(st.sampled_from(sorted(OBJECTS)), min_size=1).map(lambda names: names | {"mitigations/filter"})
names = st.sets(st.sampled_from(sorted(OBJECTS)))


def files(folder: str, chosen: "set[str]", looser: "set[str] | frozenset[str]" = frozenset()) -> dict[str, bytes]:
    """The register of some objects in a folder."""
    register = {}
    for name in chosen:
        text = OBJECTS[name]
        for old, new in LOOSER.items() if name in looser else ():
            text = text.replace(old, new)
        register[f"{folder}/{name}.yml"] = f"id: {name.split('/')[1]}\ntitle: It\n{text}".encode()
    return register


def configured(folder: str) -> dict[str, bytes]:
    return {".github/reassay.yml": f"register: {folder}/\n{CONFIGURATION}".encode()}


def judged(base: Tree, *heads: Tree) -> tuple[GateInput, ...]:
    """The input of the gate for each head, by real git."""
    with TemporaryDirectory() as folder:
        branches = {f"head{number}": [head] for number, head in enumerate(heads)}
        git = repository(Path(folder, "x.git"), {"main": [base], **branches})
        pairs = [read_pair(git, "main", branch) for branch in branches]
    return tuple(
        with_steps_signed(
            GateInput(
                Proposal("main", "0" * 40, "1" * 40, pair.base, pair.merged, pair.files),
                AssessmentInput(pair.base, History(), {}, NOW),
            ),
            ["board"],
        )
        for pair in pairs
    )


def looser(gate_input: GateInput) -> set[str]:
    return {key for key, changed in gate_input.changed_objects.items() if changed.is_looser}


def key_of(name: str) -> str:
    kind, _, id_ = name.partition("/")
    return f"{kind.removesuffix('s')}/{id_}"


def whole(changed: "dict[str, ChangedObject]") -> list[tuple[str, str | None, str | None]]:
    """What a signature of everything names."""
    return [(key, own.before, own.after) for key, own in sorted(changed.items())]


@settings(max_examples=examples(10))
@given(objects, names, names, st.sampled_from(PLACES))
def test_the_other_side_is_read_where_it_says_and_what_is_gone_is_removed(
    there: set[str], kept: set[str], loosened: set[str], place: str
) -> None:
    """Only the policy row is signed: whatever differs in the new place has a row of its own, and blocks.

    A loan of a role takes who signs the policy, whether it is changed or removed.
    """
    kept = (kept & there) if place == "policy" else set()
    kept |= {"mitigations/filter"} if "incidents/leak" in kept else set()  # which names it
    loosened &= kept
    base = {**configured("framework"), **files("framework", there)}
    head = {**base, **configured(place), **files("policy", kept, loosened)}
    (gate_input,) = judged(base, head)
    gone = there - kept
    if place == "framework/mitigations":
        gone = {name for name in there if not name.startswith("mitigations/")}
        loosened = set()
    expected = {key_of(name) for name in gone | loosened}
    assert looser(gate_input) == expected | {"policy"}
    assert decide(gate_input).passes == (not expected - {"delegation/loan"})
    for kind in KINDS:
        assert set(gate_input.proposal.merged.objects(kind)) == {
            name.split("/")[1] for name in there - gone if key_of(name).startswith(f"{kind}/")
        }


@settings(max_examples=8)
@given(objects, st.sampled_from(["link", "submodule", "file", "above", "gone"]))
def test_a_folder_that_is_no_folder_any_more_removes_everything_and_is_an_error(there: set[str], how: str) -> None:
    base = {**configured("deep/register"), **files("deep/register", there)}
    moved = {**configured("deep/register"), **files("elsewhere/register", there)}
    heads: dict[str, Tree] = {
        "link": {**moved, "deep/register": Linked("../elsewhere/register")},
        "above": {**moved, "deep": Linked("elsewhere")},
        "submodule": {**moved, "deep/register": Sub()},
        "file": {**moved, "deep/register": b"x\n"},
        "gone": {**moved},
    }
    (gate_input,) = judged(base, heads[how])
    assert looser(gate_input) - {"policy"} == {key_of(name) for name in there}
    assert ("policy" in looser(gate_input)) == (how in {"link", "above", "submodule"})
    assert gate_input.proposal.merged.is_missing
    (finding,) = gate_input.proposal.merged.errors
    assert finding.code == ("no-register" if how == "gone" else "register-elsewhere")
    assert finding.remedy
    verdict = decide(gate_input)
    assert not verdict.passes


MUTATIONS = (
    "configuration",
    "register",
    "target",
    "configuration-target",
    "words",
    "workflow",
    "action",
    "owners",
    "link",
)


@settings(max_examples=examples(14))
@given(objects, st.sampled_from(MUTATIONS), st.booleans())
def test_what_people_sign_covers_everything_that_will_be_read(there: set[str], what: str, moves: bool) -> None:
    """A signature is for one content: whatever is read after the merge and differs gives another digest."""
    folder = "policy" if moves else "framework"
    base = {**configured("framework"), **files("framework", there), "docs/a.yml": b"id: a\ntitle: A\naudience: internal\n",
            "docs/b.yml": b"id: a\ntitle: A\naudience: external\n"}  # fmt: skip
    head: dict[str, bytes | Linked | Sub] = {
        **base,
        **files(folder, there),
        ".github/reassay.yml": Linked("../settings.yml"),
        "settings.yml": configured(folder)[".github/reassay.yml"],
        f"{folder}/a.yml": Linked("../docs/a.yml"),
        ".github/reassay/record.md": b"Words.\n",
        ".github/workflows/x.yml": b"on: push\n",
        "ci/gate/action.yml": b"runs: {using: composite, steps: []}\n",
        "CODEOWNERS": b"* @board\n",
    }
    other = dict(head)
    match what:
        case "configuration":
            other[".github/reassay.yml"] = configured(folder)[".github/reassay.yml"]
        case "configuration-target":
            other["settings.yml"] = configured(folder)[".github/reassay.yml"] + b"publish: true\n"
        case "register":
            other |= files(folder, there, {"mitigations/filter"})
        case "target":
            other["docs/a.yml"] = b"id: a\ntitle: Another\naudience: internal\n"
        case "words":
            other[".github/reassay/record.md"] = b"Other words.\n"
        case "workflow":
            other[".github/workflows/x.yml"] = b"on: pull_request\n"
        case "action":
            other["ci/gate/action.yml"] = b"runs: {using: node20, main: x.js}\n"
        case "owners":
            other["CODEOWNERS"] = b"* @attacker\n"
        case _:
            other[f"{folder}/a.yml"] = Linked("../docs/b.yml")
    signed, swapped = judged(base, head, other)
    assert "policy" in signed.changed_objects
    assert whole(dict(signed.changed_objects)) != whole(dict(swapped.changed_objects))
    if what != "register" or moves:
        assert signed.changed_objects["policy"].after != swapped.changed_objects["policy"].after
