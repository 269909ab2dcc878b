"""Snapshots: what a decision assessed, kept in the ledger. Later differences are measured against them."""

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from reassay.assessment.incident_rates.figures import stated_figures, stated_first_days
from reassay.assessment.register_index import RegisterIndex
from reassay.assessment.subjects import deployments_of, models_of
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.deployment import Deployment
from reassay.register.foreign_keys import read_written
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.signals.observing.recorded_observations import recorded_part

MITIGATION, COMMITMENT, DEPLOYMENTS, MODELS, MODELS_BY_CELL, DEPLOYMENTS_BY_CELL = (
    "mitigation",
    "commitment",
    "deployments",
    "models",
    "models_by_cell",
    "deployments_by_cell",
)
SIBLINGS, LAYERS, INCIDENTS, INFORMATION = "siblings", "layers", "incidents", "information_items"
LAYERS_WHERE = "layers_where"
INCIDENT_RATES = "incident_rates"
"""Figures of the incident-rate triggers by what they watch, which the decision signs; only where there are such triggers."""
INCIDENT_RATES_SINCE = "incident_rates_since"
"""First days of these triggers by what they watch, which the decision signs; only where some are stated."""
OBSERVED = "observed"


def snapshot(subject: Assessable, cells: Iterable[str], register_index: RegisterIndex) -> Mapping[str, object]:
    """The subject, its deployments and models as written, with siblings, layers, incidents and information items.

    Keys are the constants of this module.
    """
    register = register_index.register
    covered = tuple(cells)
    by_cell = {cell: models_of(subject, cell, register) for cell in covered}
    models = {name for own in by_cell.values() for name in own}
    kind = MITIGATION if isinstance(subject, Mitigation) else COMMITMENT
    served = {cell: deployments_of(subject, cell, register) for cell in covered}
    names = [name for name in register.deployments if any(name in own for own in served.values())]
    return {
        kind: dict(register.subjects[subject.id].written),
        DEPLOYMENTS: {name: dict(register.deployments[name].written) for name in names},
        MODELS: {name: _written_model(name, register) for name in sorted(models)},
        MODELS_BY_CELL: {cell: sorted(own) for cell, own in by_cell.items()},
        SIBLINGS: _siblings(subject, register_index),
        LAYERS: _layers(subject, register_index),
        # Where layers were counted is written only for threat models that do not apply everywhere. Snapshots of earlier versions
        # counted in every deployment and do not have it, so counts are compared with counts of the same deployments.
        **({LAYERS_WHERE: where} if (where := _layers_where(subject, register_index)) else {}),
        INCIDENTS: {incident.id: str(incident.severity) for incident in register_index.incidents_about(subject)},
        INFORMATION: sorted(
            item.id for item in register_index.information.get(subject.id, ()) if is_material(item, register_index)
        ),
        **({INCIDENT_RATES: rates} if (rates := stated_figures(subject, register)) else {}),
        **({INCIDENT_RATES_SINCE: days} if (days := stated_first_days(subject, register)) else {}),
        # Without observations there is nothing to say, and snapshots of earlier versions have no such part.
        **({OBSERVED: observed} if (observed := _observed(names, register_index)) else {}),
        # Where such a cell is deployed does not follow from its name, and nowhere is an answer too.
        **({DEPLOYMENTS_BY_CELL: {cell: list(own) for cell, own in served.items()}} if _is_elsewhere(subject) else {}),
    }


def _is_elsewhere(subject: Assessable) -> bool:
    """Whether the cells of a subject are neither deployments nor everything: models and threat models."""
    kinds = {SubjectKind.MODEL, SubjectKind.THREAT_MODEL}
    return isinstance(subject, Commitment) and subject.subject.kind in kinds


def _observed(names: Iterable[str], register_index: RegisterIndex) -> Mapping[str, object]:
    """What was observed of deployments by then, by their names: values and what could not be read, by field."""
    deployments, observations = register_index.register.deployments, register_index.observations
    parts = {name: recorded_part(deployments[name].value, observations.get(name, ())) for name in names}
    return {name: part for name, part in parts.items() if part}


def deployment_of(written: object) -> Deployment | None:
    """A deployment as a snapshot has it; None if it has none that this version can read."""
    if not isinstance(written, Mapping):
        return None
    try:
        return read_written(Deployment, written)
    except (ValidationError, TypeError, ValueError):
        return None


def is_material(item: InformationItem, register_index: RegisterIndex) -> bool:
    """Whether an item was triaged as material, so that the decision settles it."""
    if item.triage is not None:
        return item.triage.material
    recorded = register_index.triaged.get(item.id)
    return recorded is not None and recorded[1].material


def _written_model(name: str, register: Register) -> Mapping[str, object]:
    return dict(register.models[name].written) if name in register.models else {}


def _siblings(subject: Assessable, register_index: RegisterIndex) -> Mapping[str, object]:
    """The other active mitigations by threat model."""
    if not isinstance(subject, Mitigation):
        return {}
    return {
        threat: [name for name in register_index.active_siblings.get(threat, ()) if name != subject.id]
        for threat in subject.threat_models
    }


def _layers_where(subject: Assessable, register_index: RegisterIndex) -> Mapping[str, list[str]]:
    """The deployments where each threat model of a mitigation applies, of those that do not apply everywhere."""
    threats = subject.threat_models if isinstance(subject, Mitigation) else ()
    places = register_index.places
    return {threat: sorted(places[threat]) for threat in threats if threat in places}


def _layers(subject: Assessable, register_index: RegisterIndex) -> Mapping[str, object]:
    """The number of layers by threat model and audience."""
    if not isinstance(subject, Mitigation):
        return {}
    return {
        threat: {str(coverage.audience): coverage.counted for coverage in register_index.layers.get(threat, ())}
        for threat in subject.threat_models
    }
