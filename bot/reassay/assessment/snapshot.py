"""What a decision looked at, kept in the ledger: later differences are measured against this, step by small step."""

from collections.abc import Iterable, Mapping

from reassay.assessment.register_index import EVERYWHERE, RegisterIndex
from reassay.assessment.subjects import models_of
from reassay.register.assessable import Assessable
from reassay.register.base import Status
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

MITIGATION, COMMITMENT, DEPLOYMENTS, MODELS, MODELS_BY_CELL = (
    "mitigation",
    "commitment",
    "deployments",
    "models",
    "models_by_cell",
)
SIBLINGS, LAYERS, INCIDENTS, INFORMATION = "siblings", "layers", "incidents", "information_items"


def snapshot(subject: Assessable, cells: Iterable[str], register_index: RegisterIndex) -> Mapping[str, object]:
    """The documents as written, and what stood around them. Keys are the constants of this module."""
    register = register_index.register
    covered = tuple(cells)
    by_cell = {cell: models_of(subject, cell, register) for cell in covered}
    models = {name for own in by_cell.values() for name in own}
    kind = MITIGATION if isinstance(subject, Mitigation) else COMMITMENT
    return {
        kind: dict(register.subjects[subject.id].written),
        DEPLOYMENTS: {name: dict(register.deployments[name].written) for name in _served(covered, register)},
        MODELS: {name: _written_model(name, register) for name in sorted(models)},
        MODELS_BY_CELL: {cell: sorted(own) for cell, own in by_cell.items()},
        SIBLINGS: _siblings(subject, register_index),
        LAYERS: _layers(subject, register_index),
        INCIDENTS: {each.id: str(each.severity) for each in register_index.incidents_about(subject)},
        INFORMATION: sorted(
            each.id for each in register_index.information.get(subject.id, ()) if judged(each, register_index)
        ),
    }


def _served(cells: Iterable[str], register: Register) -> Iterable[str]:
    """The deployments of some cells; the one cell of what names none is all of them."""
    covered = tuple(cells)
    return register.deployments if EVERYWHERE in covered else (cell for cell in covered if cell in register.deployments)


def judged(item: InformationItem, register_index: RegisterIndex) -> bool:
    """Whether somebody had said that it matters: such an item is settled by the decision that follows."""
    if item.triage is not None:
        return item.triage.material
    recorded = register_index.triaged.get(item.id)
    return recorded is not None and recorded[1].material


def _written_model(name: str, register: Register) -> Mapping[str, object]:
    return dict(register.models[name].written) if name in register.models else {}


def _siblings(subject: Assessable, register_index: RegisterIndex) -> Mapping[str, object]:
    """By threat model, the other mitigations that were active."""
    if not isinstance(subject, Mitigation):
        return {}
    return {
        threat: sorted(
            each.id
            for each in register_index.siblings.get(threat, ())
            if each.id != subject.id and each.status is Status.ACTIVE
        )
        for threat in subject.threat_models
    }


def _layers(subject: Assessable, register_index: RegisterIndex) -> Mapping[str, object]:
    """By threat model and audience, how many layers there were."""
    if not isinstance(subject, Mitigation):
        return {}
    return {
        threat: {str(each.audience): each.counted for each in register_index.layers.get(threat, ())}
        for threat in subject.threat_models
    }
