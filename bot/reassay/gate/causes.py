"""The changes of a pull request that may be the reason why a subject is asked for less."""

from reassay.changes.base import Change
from reassay.gate.comparison import Comparison
from reassay.register.object_references import references_of
from reassay.register.register import KINDS

_WITHOUT_EFFECT = frozenset({"title", "description", "system_prompt_digest", "since"})
"""Fields that no trigger evaluates."""
_OF_SIBLINGS = frozenset({"", "status", "layer", "threat_models", "deployments"})
"""Fields of another mitigation against the same threat that count for this one."""
_FACTS = frozenset({"incident", "information-item"})
"""Kinds of which a new object only asks for more."""


def concerning(kind: str, name: str, comparison: Comparison) -> tuple[Change, ...]:
    """The changes that may bear on a subject, in order. What cannot be told apart counts as bearing on it."""
    return tuple(
        change
        for change in comparison.changes
        if change.kind in KINDS and _has_effect(change) and _concerns(change, kind, name, comparison)
    )


def _has_effect(change: Change) -> bool:
    if change.kind in _FACTS and change.change == "added" and not change.field:
        return False
    return change.field not in _WITHOUT_EFFECT and change.change != "renamed"


def _concerns(change: Change, kind: str, name: str, comparison: Comparison) -> bool:
    everywhere = kind == "commitment" and change.kind in {"deployment", "model", "threat-model", "incident"}
    if (change.kind, change.name) == (kind, name) or change.kind == "commitment" or everywhere:
        return True
    match change.kind:
        case "mitigation":
            return change.field in _OF_SIBLINGS and _share_a_threat(change.name, name, comparison)
        case "deployment" | "model":
            return name in comparison.concerned((change,))
        case "threat-model":
            return change.name in _threats(name, comparison)
        case _:
            return name in _named_by(change, comparison)


def _share_a_threat(mitigation: str, other: str, comparison: Comparison) -> bool:
    return bool(_threats(mitigation, comparison) & _threats(other, comparison))


def _threats(name: str, comparison: Comparison) -> frozenset[str]:
    """Threat models that a mitigation works against, on either side."""
    sides = (comparison.base, comparison.merged)
    former = {name, *(old for old, new in comparison.merged.renamed.items() if new == name)}
    return frozenset(
        threat
        for side in sides
        for own in former
        if own in side.mitigations
        for threat in side.mitigations[own].value.threat_models
    )


def _named_by(change: Change, comparison: Comparison) -> frozenset[str]:
    """Subjects that a changed object names, on either side, by their ids after the merge."""
    renamed = comparison.merged.renamed
    return frozenset(
        renamed.get(name, name)
        for side in (comparison.base, comparison.merged)
        if change.name in side.objects(change.kind)
        for _, _, name in references_of(side.objects(change.kind)[change.name].value)
    )
