"""Every field that `check` accepts has something that acts on it: another value changes what somebody sees, or `check` refuses it.

What counts is in `acting.py`: findings, states, dates, issues, coverage, people, reminders, the gate's rows. The changes of a diff
and repetitions of the document do not count. Fields that only describe are shown to whoever assesses, and count by that.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from reassay.register.register import KINDS
from tests.laws.acting import OTHERS, Acting, difference, shown_part, world
from tests.laws.full_register import CONFIGURATION, DOCUMENTS, Document, Mutation, mutations

DESCRIBED: Mapping[str, frozenset[str]] = {
    "mitigation": frozenset({
        "description", "taxonomy", "taxonomy.scheme", "taxonomy.code", "taxonomy.label", "assumptions", "target.actor",
        "target.resources",
    }),
    "deployment": frozenset({
        "title", "description", "since", "safeguard_exemptions.reason", "preauthorised_changes.protocol",
    }),
    "threat-model": frozenset({
        "title", "description", "actor", "resources", "pathway", "outcome", "risk_domain", "atlas",
    }),
    "model": frozenset({"title", "description", "derived_from", "released"}),
    "commitment": frozenset({"title", "description", "source.url", "anchors.text"}),
    "incident": frozenset({"title", "description", "account"}),
    "information-item": frozenset({
        "title", "description", "source", "restricted_ref", "triage.rationale", "triage.by",
    }),
    "risk-acceptance": frozenset({
        "title", "description", "requester", "approver", "rationale", "compensating", "accepted_on",
    }),
    "evidence-item": frozenset({
        "title", "description", "method", "performed_by", "finding", "limits", "scope", "scope.deployments", "scope.models",
        "scope.languages", "file", "sealed", "sealed.locator", "sealed.custodian", "sealed.summary",
        "sealed.retention_until",
    }),
    "past-assessment": frozenset({
        "title", "description", "assessed_by", "summary", "attestor", "source.file", "source.row",
    }),
}  # fmt: skip
"""Fields by kind that describe for people who assess or audit, and that no rule evaluates: they are shown in the issue."""
OF_TRIGGERS = frozenset({"in_words", "approximate", "text"})
"""Fields of triggers and of grounds for a waiver that say a thing in the words of a framework."""
ELSEWHERE: Mapping[str, str] = {
    "configuration register": "which folder is read: tests/unit/register/test_configuration.py",
    "configuration ignore_keys": "which keys of objects are left out: tests/unit/register/test_foreign_keys.py",
    "configuration publish": "whether a public repository is written to: tests/sweep/test_first_contact.py",
    "configuration dashboard": "whether one issue shows what needs whom: tests/sweep/test_dashboard.py",
    "configuration writer": "who writes, the Action or the App: tests/sweep/test_two_at_once.py",
    "configuration bots": "whose issues are the bot's own: tests/sweep/test_sweep.py",
    "configuration rollout.max_open": "how many are open at once: tests/unit/assessment/test_plan.py",
    "configuration signals.baseline": "what is an import: tests/unit/signals/test_signal_records.py",
    "configuration signals.sources.severity": "of incidents that state none: tests/unit/signals/test_signal_records.py",
    "configuration signals.sources.incident_kind": "of incidents that state none: tests/unit/signals/test_signal_records.py",
    "configuration signals.sources.information_kind": "of items that state none: tests/unit/signals/test_signal_records.py",
    "configuration notifications": "who is told at once, and of what: tests/sweep/test_paging.py",
    "configuration notifications.webhooks": "who is told at once, and of what: tests/sweep/test_paging.py",
    "configuration notifications.webhooks.id": "who is told at once, and of what: tests/sweep/test_paging.py",
    "configuration notifications.webhooks.severities": "who is told at once, and of what: tests/sweep/test_paging.py",
    "configuration notifications.webhooks.url": "who is told at once, and of what: tests/sweep/test_paging.py",
    "configuration gate.approve_counts": "whether a review signs: tests/sweep/test_rights_of_reviews.py",
    "mitigation reassess.triggers.delta['regression']": "how much worse a result has to be: tests/unit/evidence/test_regression.py",
    "deployment observed.repository": "where a product says what it is: tests/unit/signals/test_observation.py",
    "deployment observed.branch": "where a product says what it is: tests/unit/signals/test_observation.py",
    "deployment observed.path": "where a product says what it is: tests/unit/signals/test_observation.py",
    "deployment observed.field": "where a product says what it is: tests/unit/signals/test_observation.py",
    "deployment observed.values": "words of a product: tests/unit/signals/test_observation.py",
    "deployment observed.values.img": "where a product says what it is: tests/unit/signals/test_observation.py",
    "mitigation reassess.triggers.older_than['observation-stale']": "how old an observation may be: "
    "tests/unit/assessment/triggers/test_drift.py",
    "delegation title": "a name for lists; `check` and the diff name a delegation by its id",
    "delegation description": "for people who read the register; rights come from the other fields",
}
"""Fields that act on a run as a whole, with the tests that show how, or the reason why nothing has to."""


def field_of(kind: str, document: Document, mutation: Mutation) -> str:
    """The field of a mutation, without places in lists; that of a trigger or criterion with its kind."""
    path = ".".join(str(key) for key in mutation.path if not isinstance(key, int))
    of_kind = ""
    stated = document.get("target") or document.get("reassess")
    if document.get("id") == "small" and stated:
        of_kind = str([own["kind"] for own in stated.get("triggers", stated.get("criteria", ()))])
    return f"{kind} {path}{of_kind}"


@cache
def fields() -> Mapping[str, tuple[tuple[Document, Mutation], ...]]:
    """Every field that the documents state, with its mutations."""
    by_field: dict[str, list[tuple[Document, Mutation]]] = {}
    for kind, document in (*DOCUMENTS, *OTHERS):
        for mutation in mutations(kind, document):
            if document.get("id") == "small" and mutation.path[0] in {"title", "owner"}:
                continue
            by_field.setdefault(field_of(kind, document, mutation), []).append((document, mutation))
    return {name: tuple(own) for name, own in by_field.items()}


def is_described(name: str) -> bool:
    kind, _, path = name.partition(" ")
    own = path.partition("[")[0]
    parts = own.split(".")
    in_words = parts[-1] in OF_TRIGGERS and bool({"triggers", "unless"} & {*parts})
    return own in DESCRIBED.get(kind, ()) or in_words


@cache
def unchanged(kind: str, identifier: str, index: int) -> Acting:
    document = [own for of, own in (*DOCUMENTS, *OTHERS) if of == kind][index]
    assert document.get("id", "") == identifier
    return Acting(register := world(kind, document), register)


def both(document: Document, mutation: Mutation) -> tuple[Acting, Acting]:
    """The register before and after."""
    of_kind = [own for of, own in (*DOCUMENTS, *OTHERS) if of == mutation.kind]
    index = next(number for number, own in enumerate(of_kind) if own is document)
    before = unchanged(mutation.kind, str(document.get("id", "")), index)
    return before, Acting(world(mutation.kind, mutation.after), before.register)


@cache
def acts(name: str) -> bool:
    """Whether one of its mutations changes something, or a field inside it does."""
    path, bracket, of_kind = name.partition("[")
    nested = (other for other in fields() if other.startswith(f"{path}.") and other.endswith(f"{bracket}{of_kind}"))
    inner = (other for other in nested if not is_described(other))
    return any(map(acts, inner)) or any(difference(*both(document, mutation)) for document, mutation in fields()[name])


def is_shown(name: str) -> bool:
    """Whether somebody who assesses sees another text."""
    return any(shown(before) != shown(after) for before, after in pairs(name))


def pairs(name: str) -> Iterator[tuple[Acting, Acting]]:
    return (both(document, mutation) for document, mutation in fields()[name])


def shown(acting: Acting) -> list[str]:
    return [shown_part(text) for _, text, _ in acting.issues]


LONGEST = {"mitigation", "deployment"}
CASES = [pytest.param(kind, marks=pytest.mark.long) if kind in LONGEST else kind for kind in (*KINDS, CONFIGURATION)]


@pytest.mark.parametrize("kind", CASES)
def test_every_field_that_is_not_only_descriptive_acts(kind: str) -> None:
    own = [name for name in fields() if name.startswith(f"{kind} ") and name not in ELSEWHERE]
    assert own
    assert [name for name in own if not is_described(name) and not acts(name)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_describes_is_shown_to_whoever_assesses(kind: str) -> None:
    own = [name for name in fields() if name.startswith(f"{kind} ") and is_described(name)]
    assert [name for name in own if not is_shown(name)] == []


def test_no_exception_is_stale() -> None:
    named = {f"{kind} {path}" for kind, paths in DESCRIBED.items() for path in paths}
    assert (named | ELSEWHERE.keys()) <= fields().keys(), (named | ELSEWHERE.keys()) - fields().keys()
