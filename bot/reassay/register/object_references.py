"""References of an object to others by id, with one branch for each kind of object that has any."""

from collections.abc import Iterable, Iterator
from typing import Final

from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Described
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.finding import Location
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import KINDS, Register
from reassay.register.threat_model import ThreatModel

SUBJECT: Final = "subject"
"""The kind of a reference to any subject: a mitigation, or a commitment with a clock of its own."""
Reference = tuple[Location, str, str]
"""Location in the document, kind and id of the referenced object."""


def references_of(value: Described) -> Iterator[Reference]:  # noqa: C901, PLR0912 -- one flat branch for each kind of object
    """All references of an object."""
    match value:
        case Mitigation():
            yield from _listed(("deployments",), "deployment", value.deployments)
            yield from _listed(("threat_models",), "threat-model", value.threat_models)
            for index, part in enumerate(value.parts):
                yield from _listed(("parts", index, "deployments"), "deployment", part.deployments)
        case Deployment():
            for index, exemption in enumerate(value.safeguard_exemptions):
                yield ("safeguard_exemptions", index, "safeguard"), "mitigation", exemption.safeguard
        case ThreatModel():
            yield from _listed(("deployments",), "deployment", value.deployments)
        case Model(derived_from=str(name)):
            yield ("derived_from",), "model", name
        case Commitment():
            yield from _commitment(value)
        case Incident():
            yield from _listed(("mitigations_failed",), "mitigation", value.mitigations_failed)
            if value.deployment is not None:
                yield ("deployment",), "deployment", value.deployment
        case InformationItem():
            yield from _listed(("affects",), SUBJECT, value.affects)
        case RiskAcceptance():
            yield from _listed(("mitigations",), "mitigation", value.mitigations)
            yield from _listed(("deployments",), "deployment", value.deployments)
        case EvidenceItem():
            yield from _listed(("mitigations",), SUBJECT, value.mitigations)
            yield from _listed(("scope", "deployments"), "deployment", value.scope.deployments)
            yield from _listed(("scope", "models"), "model", value.scope.models)
        case PastAssessment():
            yield ("mitigation",), SUBJECT, value.mitigation
            yield from _listed(("deployments",), "deployment", value.deployments)
            yield from _listed(("models",), "model", value.models)
        case _:
            return


def related_to(value: Described, register: Register) -> Iterator[tuple[str, str]]:
    """Kind and id of every object that it names as related; a former id stands for the present one."""
    for name in value.related:
        present = register.renamed.get(name, name)
        yield from ((kind, present) for kind in KINDS if present in register.objects(kind))


def _commitment(value: Commitment) -> Iterator[Reference]:
    if value.superseded_by is not None:
        yield ("superseded_by",), "commitment", value.superseded_by
    chosen = value.subject.selector
    if chosen is None:
        return
    if value.subject.kind is not SubjectKind.FRAMEWORK:
        yield from _listed(("subject", "selector", "ids"), str(value.subject.kind), chosen.ids)
    yield from _listed(("subject", "selector", "threat_models"), "threat-model", chosen.threat_models)
    yield from _listed(("subject", "selector", "deployments"), "deployment", chosen.deployments)


def _listed(location: Location, kind: str, names: Iterable[str]) -> Iterator[Reference]:
    return (((*location, index), kind, name) for index, name in enumerate(names))
