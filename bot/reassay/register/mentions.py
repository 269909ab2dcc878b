"""Which objects an object names, and where: one branch for each kind that names others."""

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
from reassay.register.threat_model import ThreatModel

SUBJECT: Final = "subject"
"""Stands for whatever re-assessments are about: a mitigation, or a commitment with a clock of its own."""
Mention = tuple[Location, str, str]
"""Where, of which kind, by which id."""


def mentions(value: Described) -> Iterator[Mention]:  # noqa: C901, PLR0912 -- one flat branch for each kind of object
    """Every id that `value` names."""
    match value:
        case Mitigation():
            yield from _each(("deployments",), "deployment", value.deployments)
            yield from _each(("threat_models",), "threat-model", value.threat_models)
            for index, part in enumerate(value.parts):
                yield from _each(("parts", index, "deployments"), "deployment", part.deployments)
        case Deployment():
            for index, exemption in enumerate(value.safeguard_exemptions):
                yield ("safeguard_exemptions", index, "safeguard"), "mitigation", exemption.safeguard
        case ThreatModel():
            yield from _each(("deployments",), "deployment", value.deployments)
        case Model(derived_from=str(name)):
            yield ("derived_from",), "model", name
        case Commitment():
            yield from _commitment(value)
        case Incident():
            yield from _each(("mitigations_failed",), "mitigation", value.mitigations_failed)
            if value.deployment is not None:
                yield ("deployment",), "deployment", value.deployment
        case InformationItem():
            yield from _each(("affects",), SUBJECT, value.affects)
        case RiskAcceptance():
            yield from _each(("mitigations",), "mitigation", value.mitigations)
            yield from _each(("deployments",), "deployment", value.deployments)
        case EvidenceItem():
            yield from _each(("mitigations",), SUBJECT, value.mitigations)
            yield from _each(("scope", "deployments"), "deployment", value.scope.deployments)
            yield from _each(("scope", "models"), "model", value.scope.models)
        case PastAssessment():
            yield ("mitigation",), SUBJECT, value.mitigation
            yield from _each(("deployments",), "deployment", value.deployments)
        case _:
            return


def _commitment(value: Commitment) -> Iterator[Mention]:
    if value.superseded_by is not None:
        yield ("superseded_by",), "commitment", value.superseded_by
    chosen = value.subject.selector
    if chosen is None:
        return
    if value.subject.kind is not SubjectKind.FRAMEWORK:
        yield from _each(("subject", "selector", "ids"), str(value.subject.kind), chosen.ids)
    yield from _each(("subject", "selector", "threat_models"), "threat-model", chosen.threat_models)
    yield from _each(("subject", "selector", "deployments"), "deployment", chosen.deployments)


def _each(location: Location, kind: str, names: Iterable[str]) -> Iterator[Mention]:
    return (((*location, index), kind, name) for index, name in enumerate(names))
