"""Law 1: changing any value of a register gives a change with a direction, and *tighter* is only what is provably so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.changes import compare
from reassay.changes.base import Change, Direction
from tests.laws.full_register import holding, unused_fields
from tests.laws.mutations import combined, every_mutation
from tests.make import TODAY

LOOSER, TIGHTER, NEUTRAL = Direction.LOOSER, Direction.TIGHTER, Direction.NEUTRAL


def is_only_tighter(changes: tuple[Change, ...]) -> bool:
    return {change.direction for change in changes} == {TIGHTER}


def test_the_documents_use_every_field_of_every_model() -> None:
    assert unused_fields() == []


def test_each_mutation_of_each_leaf_gives_a_change_with_a_reason() -> None:
    every = every_mutation()
    assert len(every) > 1000
    assert [mutation.place for mutation, changes, _ in every if not changes] == []
    assert all(change.why for _, changes, _ in every for change in changes)


def test_no_mutation_is_tighter_there_and_back() -> None:
    twice = [
        (mutation.place, changes[0].after)
        for mutation, changes, back in every_mutation()
        if is_only_tighter(changes) and is_only_tighter(back)
    ]
    assert twice == []


PROVABLY_TIGHTER = {
    "mitigation": {
        "every", "reassess.every", "reassess.at_least_after", "reassess.grace", "reassess.depth", "reassess.unless",
        "reassess.unless.same.within", "reassess.triggers", "status", "last_assessed", "approval", "deployments", "target",
        "target.criteria.*", "target.resources.*", "invalidation_conditions", "checklist.*", "common_causes",
    },
    "deployment": {
        "audience", "access", "modalities_in", "modalities_out", "affordances", "oversight", "languages", "regions",
        "integrations", "users", "rate_limit", "context_tokens", "rollout_percent", "age_policy", "safeguard_exemptions",
        "preauthorised_changes", "planned", "observed",
    },
    "threat-model": {"minimum_layers.*", "deployments"},
    "commitment": {
        "triggers", "depth", "within", "deadlines", "last_assessed", "approval", "checklist.*", "invalidation_conditions",
    },
    "incident": {"severity", "mitigations_failed"},
    "information-item": {"affects", "triage", "triage_due"},
    "risk-acceptance": {"expires_at"},
    "evidence-item": {"valid_until"},
    "policy": {"mode", "gate.loosening", "gate.policy", "gate.questions.*"},
}  # fmt: skip
"""What can be tighter at all. A field that is not here is looser or neutral, whatever happens to it."""
EFFECTLESS = {
    "mitigation": {"taxonomy"},
    "deployment": {"title"},
    "model": {"title"},
    "commitment": {"title"},
    "policy": {"labels", "dashboard"},
}
"""Fields whose change has no effect; each has its reason beside its rule, and in the decision record."""


def is_listed(change: Change, listed: dict[str, set[str]]) -> bool:
    names = listed.get(change.kind, set())
    root = change.field.rsplit(".", 1)[0]
    return change.field in names or any(name.endswith(".*") and f"{root}.".startswith(name[:-1]) for name in names)


def test_tighter_is_only_what_is_listed_as_provable() -> None:
    tighter = {
        (change.kind, change.field)
        for _, *both in every_mutation()
        for changes in both
        for change in changes
        if change.direction is TIGHTER and not is_listed(change, PROVABLY_TIGHTER)
    }
    assert tighter == set()


_SAME = (
    "in other words",
    "in another order",
    "the same ",
    "written elsewhere",
    "written differently",
    "in either case",
    "declared in advance",
)


def test_neutral_is_only_what_has_no_effect_or_says_the_same() -> None:
    neutral = {
        (change.kind, change.field, change.why)
        for _, *both in every_mutation()
        for changes in both
        for change in changes
        if change.direction is NEUTRAL
        and not is_listed(change, EFFECTLESS)
        and not any(words in change.why for words in _SAME)
    }
    assert neutral == set()


@given(st.data())
def test_a_second_change_never_hides_a_looser_one(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(every_mutation()) - 1))
    first, changes, _ = every_mutation()[index]
    near = [other for other, _, _ in every_mutation()[max(0, index - 60) : index + 60] if other.before == first.before]
    both = combined(first, data.draw(st.sampled_from(near)))
    if both is None or not any(change.is_looser for change in changes):
        return
    found = compare(holding(first.kind, first.before), holding(first.kind, both), TODAY)
    assert any(change.is_looser for change in found), (first.place, both)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("mitigation", {"every": "1 year"}, {"every": "6 months"}),
        ("mitigation", {"every": "1 month"}, {"every": "4 weeks"}),
        ("mitigation", {"deployments": ["a"]}, {"deployments": []}),
        ("mitigation", {"deployments": ["a"]}, {"deployments": ["a", "b"]}),
        ("mitigation", {"reassess": {"unless": [{"id": "a", "text": "x", "within": "9 years"}]}},
         {"reassess": {"unless": [{"id": "a", "text": "x", "within": "1 month"}]}}),
        ("mitigation", {"reassess": {"triggers": [{"kind": "interval", "every": "1 year"}]}},
         {"reassess": {"triggers": [{"kind": "interval", "every": "3 months" }]}}),
        ("mitigation", {"target": {"statement": "S", "criteria": [{"kind": "duration", "name": "p", "at_most": "60 days"}]}},
         {"target": {"statement": "S", "criteria": [{"kind": "duration", "name": "p", "at_most": "14 days"}]}}),
        ("deployment", {"rate_limit": "1000 requests/month"}, {"rate_limit": "999 requests/month"}),
        ("deployment", {"users": "9 000 000"}, {"users": "10 000"}),
        ("deployment", {"age_policy": "13+"}, {"age_policy": "18 and over"}),
        ("commitment", {"within": "60 days"}, {"within": "2 weeks"}),
        ("commitment", {"deadlines": [{"anchor": "aware", "count": 3, "unit": "days"}]},
         {"deadlines": [{"anchor": "aware", "count": 24, "unit": "hours"}]}),
        ("incident", {"severity": "low"}, {"severity": "critical"}),
    ],
)  # fmt: skip
def test_what_is_provably_tighter_and_its_reverse(
    kind: str, before: dict[str, object], after: dict[str, object]
) -> None:
    there, back = (
        compare(holding(kind, minimal(kind) | one), holding(kind, minimal(kind) | other), TODAY)
        for one, other in ((before, after), (after, before))
    )
    assert is_only_tighter(there), there
    assert any(change.is_looser for change in back), back


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("deployment", {"rate_limit": "1000 requests/month"}, {"rate_limit": "999 requests/minute"}),
        ("deployment", {"rate_limit": "30000 requests/minute"}, {"rate_limit": "29999 requests/ms"}),
        ("deployment", {"rate_limit": "600 requests/minute"}, {"rate_limit": "30000 rps"}),
        ("deployment", {"users": "10 000"}, {"users": "9 000 000"}),
        ("deployment", {"users": "1k-10k"}, {"users": "1k-10k pilots and the whole public"}),
        ("deployment", {"users": "10 000"}, {"users": "9 mio"}),
        ("deployment", {"age_policy": "18+"}, {"age_policy": "18+ or 13+ with consent"}),
        ("deployment", {"age_policy": "18+"}, {"age_policy": "18 and under allowed"}),
        ("mitigation", {}, {"deployments": ["staff-app"]}),
        ("mitigation", {"every": "30 days"}, {"every": "1 month"}),
        ("mitigation", {"every": "1 month"}, {"every": "30 days"}),
        ("mitigation", {"reassess": {"unless": [{"id": "a", "text": "x", "within": "1 month"}]}},
         {"reassess": {"unless": [{"id": "a", "text": "It is a day", "within": "1 month"}]}}),
        ("commitment", {"within": "14 days"}, {"within": "60 days"}),
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_is_looser(
    kind: str, before: dict[str, object], after: dict[str, object]
) -> None:
    changes = compare(holding(kind, minimal(kind) | before), holding(kind, minimal(kind) | after), TODAY)
    assert {change.direction for change in changes} == {LOOSER}, changes


def minimal(kind: str) -> dict[str, object]:
    return {
        "mitigation": {"id": "filter", "title": "Filter", "owner": "safety-lead", "assessor": "red-team-lead"},
        "deployment": {"id": "public-api", "title": "API", "audience": "external"},
        "commitment": {
            "id": "promise",
            "title": "Promise",
            "owner": "safety-lead",
            "statement": "S",
            "subject": {"kind": "framework"},
            "source": {"organisation": "O", "document": "D"},
        },
        "incident": {"id": "leak", "title": "Leak", "severity": "high", "first_seen_at": "2026-06-02"},
    }[kind]  # type: ignore[return-value] # documents, as a file has them
