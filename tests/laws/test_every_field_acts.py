"""Every field that `check` accepts has something that acts on it: another value changes what somebody sees, or `check` refuses it.

What counts is in `acting.py`: findings, states, dates, issues, coverage, people, reminders, the gate's rows. The changes of a diff
and repetitions of the document do not count. Fields that only describe are shown to whoever assesses, and count by that.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from reassay.register.register import KINDS
from tests.laws.acting import OTHERS, Acting, Past, difference, shown_part, world
from tests.laws.full_documents import CONFIGURATION, DOCUMENTS
from tests.laws.mutations import Mutation, mutations, mutations_of

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
    "configuration dashboard": "whether one issue shows who has to do what: tests/sweep/test_dashboard.py",
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


def field_of(mutation: Mutation) -> str:
    """The field of a mutation, without places in lists; that of a trigger or criterion with its kind."""
    path = ".".join(str(key) for key in mutation.path if not isinstance(key, int))
    of_kind = ""
    stated = mutation.before.get("target") or mutation.before.get("reassess")
    if mutation.before.get("id") == "small" and stated:
        of_kind = str([own["kind"] for own in stated.get("triggers", stated.get("criteria", ()))])
    return f"{mutation.kind} {path}{of_kind}"


@cache
def fields(kind: str) -> Mapping[str, tuple[Mutation, ...]]:
    """Every field that the documents of a kind state, with its mutations."""
    by_field: dict[str, list[Mutation]] = {}
    for mutation in every_mutation_of(kind):
        if mutation.before.get("id") != "small" or mutation.path[0] not in {"title", "owner"}:
            by_field.setdefault(field_of(mutation), []).append(mutation)
    return {name: tuple(own) for name, own in by_field.items()}


def every_mutation_of(kind: str) -> Iterator[Mutation]:
    for number, (of, _) in enumerate(DOCUMENTS):
        if of == kind:
            yield from mutations_of(number)
    for of, document in OTHERS:
        if of == kind:
            yield from mutations(kind, document)


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
    return Acting(register := world(kind, document), Past(register))


def both(mutation: Mutation) -> tuple[Acting, Acting]:
    """The register before and after."""
    of_kind = [own for of, own in (*DOCUMENTS, *OTHERS) if of == mutation.kind]
    index = next(number for number, own in enumerate(of_kind) if own is mutation.before)
    before = unchanged(mutation.kind, str(mutation.before.get("id", "")), index)
    return before, Acting(world(mutation.kind, mutation.after), before.past)


@cache
def acts(name: str) -> bool:
    """Whether one of its mutations changes something, or a field inside it does."""
    path, bracket, of_kind = name.partition("[")
    own = fields(name.partition(" ")[0])
    nested = (other for other in own if other.startswith(f"{path}.") and other.endswith(f"{bracket}{of_kind}"))
    inner = (other for other in nested if not is_described(other))
    return any(map(acts, inner)) or any(difference(*both(mutation)) for mutation in own[name])


def is_shown(name: str) -> bool:
    """Whether somebody who assesses sees another text."""
    return any(shown(before) != shown(after) for before, after in pairs(name))


def pairs(name: str) -> Iterator[tuple[Acting, Acting]]:
    return (both(mutation) for mutation in fields(name.partition(" ")[0])[name])


def shown(acting: Acting) -> list[str]:
    return [shown_part(text) for _, text, _ in acting.issues]


LONGEST = {"mitigation", "deployment"}
CASES = [pytest.param(kind, marks=pytest.mark.long) if kind in LONGEST else kind for kind in (*KINDS, CONFIGURATION)]


@pytest.mark.parametrize("kind", CASES)
def test_every_field_that_is_not_only_descriptive_acts(kind: str) -> None:
    own = [name for name in fields(kind) if name not in ELSEWHERE]
    assert own
    assert [name for name in own if not is_described(name) and not acts(name)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_describes_is_shown_to_whoever_assesses(kind: str) -> None:
    own = [name for name in fields(kind) if is_described(name)]
    assert [name for name in own if not is_shown(name)] == []


def test_no_exception_is_stale() -> None:
    named = {f"{kind} {path}" for kind, paths in DESCRIBED.items() for path in paths}
    stated = {name for kind in (*KINDS, CONFIGURATION) for name in fields(kind)}
    assert (named | ELSEWHERE.keys()) <= stated, (named | ELSEWHERE.keys()) - stated
