"""What is said of a register does not depend on how many files it is written in, on their order, or on what stands beside."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput, assess
from reassay.assessment.views.documents import status_document
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.views.documents import gate_document
from reassay.ledger.history import History
from reassay.register.register import LISTS, Register
from tests.examples import examples
from tests.unit.register.trees import read

NOW = datetime(2026, 11, 15, 9, tzinfo=UTC)
CONFIGURATION = """\
mode: enforce
roles:
  safety: {users: [safety-lead]}
  red-team: {users: [red-team-lead]}
"""
Object = dict[str, object]
Objects = dict[tuple[str, str], Object]
"""By kind of list and id."""


def mitigation(name: str, **more: object) -> Object:
    return {"id": name, "title": "It", "owner": "safety", "assessor": "red-team", "every": "6 months", **more}


_BASE: Mapping[str, tuple[Object, ...]] = {
    "deployments": (
        {"id": "api", "title": "API", "audience": "external", "modalities_in": ["text"]},
        {"id": "staff", "title": "Staff", "audience": "internal"},
        {"id": "apart", "title": "Apart", "audience": "internal"},
    ),
    "threat_models": ({"id": "misuse", "title": "Misuse", "minimum_layers": {"external": 2}},),
    "mitigations": (
        mitigation(
            "everywhere",
            description="Applies to all deployments.",
            last_assessed="2021-01-01",
            reassess={"triggers": [{"kind": "deployment-change", "must_complete": "before_change"}]},
        ),
        mitigation("filter", layer="system", threat_models=["misuse"], deployments=["api"]),
        mitigation("training", layer="model", threat_models=["misuse"], last_assessed="2026-11-01"),
        mitigation("resident", deployments=["apart"], last_assessed="2026-11-01"),
        mitigation("monitor", layer="monitoring", deployments=["api", "staff"], last_assessed="2026-10-01"),
    ),
    "incidents": (
        {
            "id": "leak",
            "title": "Leak",
            "kind": "incident",
            "first_seen_at": "2026-05-02T09:00:00Z",
            "severity": "high",
            "mitigations_failed": ["monitor"],
        },
    ),
}
BASE: Objects = {(kind, str(each["id"])): each for kind, several in _BASE.items() for each in several}
CHANGES: Mapping[str, Objects] = {
    "a deployment takes audio": {
        ("deployments", "api"): BASE["deployments", "api"] | {"modalities_in": ["text", "audio"]}
    },
    "a deployment is opened": {("deployments", "staff"): BASE["deployments", "staff"] | {"audience": "external"}},
    "an interval is longer": {("mitigations", "training"): mitigation("training", every="2 years")},
    "a layer is retired": {("mitigations", "filter"): BASE["mitigations", "filter"] | {"status": "retired"}},
    "a mitigation is renamed": {
        ("mitigations", "resident"): {},
        ("mitigations", "dweller"): BASE["mitigations", "resident"] | {"id": "dweller", "formerly": ["resident"]},
    },
    "a mitigation is new": {("mitigations", "new"): mitigation("new", deployments=["staff"])},
    "an incident is less severe": {("incidents", "leak"): BASE["incidents", "leak"] | {"severity": "low"}},
    "a threat model asks for less": {
        ("threat_models", "misuse"): BASE["threat_models", "misuse"] | {"minimum_layers": {"external": 1}}
    },
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How objects are put into files."""

    seed: int
    one_file: bool
    beside: int
    """Mitigations that have nothing to do with the rest."""

    def files(self, objects: Objects) -> Mapping[str, str]:
        chance = random.Random(self.seed)
        pads = {
            ("mitigations", f"pad-{number}"): mitigation(
                f"pad-{number}", deployments=["apart"], last_assessed="2026-11-01"
            )
            for number in range(self.beside)
        }
        everything = [*objects.items(), *pads.items()]
        chance.shuffle(everything)
        files = {".github/reassay.yml": CONFIGURATION}
        if self.one_file:
            lists: dict[str, list[Object]] = {}
            for (kind, _), value in everything:
                lists.setdefault(kind, []).append(value)
            return {**files, "framework/all.yml": json.dumps(lists)}
        for number, ((kind, _), value) in enumerate(everything):
            place = chance.choice((f"{kind}/f{number}.yml", f"{kind}/deeper/f{number}.yaml", f"f{number}.yml"))
            # Where its folder does not say what it is, it says so itself; an incident's kind is its own.
            alone = place.startswith(f"{kind}/")
            text = json.dumps(value) if alone else json.dumps({kind: [value]})
            files[f"framework/{place}"] = text
        return files

    def read(self, objects: Objects) -> Register:
        return read(self.files(objects))


def without_places(value: object) -> object:
    """The same document without paths and lines."""
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items() if key not in {"path", "line"}}
    return [without_places(each) for each in value] if isinstance(value, list) else value


def of_their_own(names: Sequence[str]) -> list[str]:
    return sorted(name for name in names if "pad-" not in name)


def findings(register: Register) -> list[str]:
    return of_their_own([f"{each.severity} {each.code} {each.message}" for each in register.findings])


def status(register: Register) -> object:
    document = status_document(assess(facts := AssessmentInput(register, History(), {}, NOW)), facts, {})
    cells = document["cells"]
    assert isinstance(cells, list)
    return [each for each in cells if not str(each["mitigation"]).startswith("pad-")]


def verdict(base: Register, merged: Register) -> object:
    facts = GateInput(Proposal("main", "0" * 40, "1" * 40, base, merged), AssessmentInput(base, History(), {}, NOW))
    return without_places(gate_document(decide(facts), facts))


def said(layout: Layout, changed: Objects) -> tuple[object, ...]:
    base, merged = layout.read(BASE), layout.read({key: each for key, each in (BASE | changed).items() if each})
    return verdict(base, merged), status(base), findings(base), findings(merged)


PLAIN = Layout(seed=0, one_file=True, beside=0)


@given(
    st.sets(st.sampled_from(sorted(CHANGES)), max_size=3),
    st.builds(Layout, st.integers(0, 10**6), st.booleans(), st.sampled_from((0, 1, 10, 40))),
)
@settings(max_examples=examples(60), deadline=None)
def test_one_file_or_many_in_any_order_with_others_beside(names: set[str], layout: Layout) -> None:
    changed = {key: each for name in sorted(names) for key, each in CHANGES[name].items()}
    assert said(layout, changed) == said(PLAIN, changed)


@pytest.mark.parametrize("name", ["a deployment takes audio", "an incident is less severe"])
def test_a_large_register_says_what_a_small_one_says(name: str) -> None:
    few, many = (said(Layout(seed=1, one_file=False, beside=beside), CHANGES[name]) for beside in (10, 1000))
    assert few == many == said(PLAIN, CHANGES[name])


def test_the_changes_are_seen() -> None:
    """A law about verdicts that say nothing would hold for a gate that says nothing."""
    unchanged = said(PLAIN, {})[0]
    verdicts = [json.dumps(said(PLAIN, each)[0], default=str) for each in CHANGES.values()]
    assert json.dumps(unchanged, default=str) not in verdicts
    assert len(set(verdicts)) == len(CHANGES)
    assert set(LISTS) >= {kind for kind, _ in BASE}
