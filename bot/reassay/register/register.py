"""The register: all objects of a framework repository, each with the place where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from reassay.register.acceptance import RiskAcceptance
from reassay.register.assessable import Assessable
from reassay.register.base import Described
from reassay.register.commitment import Commitment
from reassay.register.configuration import Configuration
from reassay.register.delegation import Delegation
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.finding import Finding, Origin, Position, Severity
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.threat_model import ThreatModel

RegisterObject = (
    Mitigation
    | Deployment
    | ThreatModel
    | Model
    | Commitment
    | Incident
    | InformationItem
    | RiskAcceptance
    | EvidenceItem
    | Delegation
    | PastAssessment
)
KINDS: Mapping[str, type[RegisterObject]] = {
    "mitigation": Mitigation,
    "deployment": Deployment,
    "threat-model": ThreatModel,
    "model": Model,
    "commitment": Commitment,
    "incident": Incident,
    "information-item": InformationItem,
    "risk-acceptance": RiskAcceptance,
    "evidence-item": EvidenceItem,
    "delegation": Delegation,
    "past-assessment": PastAssessment,
}
"""Kinds of object by name."""
LISTS: Mapping[str, str] = {f"{kind.replace('-', '_')}s": kind for kind in KINDS}
"""Keys of a collection file, with the kind of what they list: `threat_models` is a list of kind threat-model."""


def in_words(kind: str) -> str:
    """A kind for a sentence: `threat model`."""
    return kind.replace("-", " ")


ObjectT_co = TypeVar("ObjectT_co", bound=Described, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[ObjectT_co]):
    """An object, where it stands, and the document as written (for snapshots)."""

    value: ObjectT_co
    origin: Origin
    written: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """What could be read, and what was wrong with the rest. One broken object hides no other."""

    configuration: Configuration = field(default_factory=Configuration)
    mitigations: Mapping[str, Entry[Mitigation]] = field(default_factory=dict)
    """By id, in order of id."""
    deployments: Mapping[str, Entry[Deployment]] = field(default_factory=dict)
    threat_models: Mapping[str, Entry[ThreatModel]] = field(default_factory=dict)
    models: Mapping[str, Entry[Model]] = field(default_factory=dict)
    commitments: Mapping[str, Entry[Commitment]] = field(default_factory=dict)
    incidents: Mapping[str, Entry[Incident]] = field(default_factory=dict)
    information_items: Mapping[str, Entry[InformationItem]] = field(default_factory=dict)
    risk_acceptances: Mapping[str, Entry[RiskAcceptance]] = field(default_factory=dict)
    evidence_items: Mapping[str, Entry[EvidenceItem]] = field(default_factory=dict)
    delegations: Mapping[str, Entry[Delegation]] = field(default_factory=dict)
    past_assessments: Mapping[str, Entry[PastAssessment]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    """In order of place."""
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids by kind that are written somewhere but could not be understood: not the same as absent."""
    configuration_origin: Origin | None = None
    """Where the configuration was written, if anywhere."""
    configuration_is_broken: bool = False
    """True if a configuration was written and could not be understood: nothing may be posted on its strength."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that make something unusable."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @cached_property
    def subjects(self) -> Mapping[str, Entry[Assessable]]:
        """What re-assessments are about, by id: mitigations, and commitments with a clock of their own."""
        own: dict[str, Entry[Assessable]] = {
            name: entry for name, entry in self.commitments.items() if entry.value.has_its_own_clock
        }
        return dict(sorted({**own, **self.mitigations}.items()))

    def objects(self, kind: str) -> Mapping[str, Entry[RegisterObject]]:
        """All objects of one of KINDS, by id. Raises KeyError for another kind."""
        fields: Mapping[str, Mapping[str, Entry[RegisterObject]]] = {
            "mitigation": self.mitigations,
            "deployment": self.deployments,
            "threat-model": self.threat_models,
            "model": self.models,
            "commitment": self.commitments,
            "incident": self.incidents,
            "information-item": self.information_items,
            "risk-acceptance": self.risk_acceptances,
            "evidence-item": self.evidence_items,
            "delegation": self.delegations,
            "past-assessment": self.past_assessments,
        }
        return fields[kind]

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Former id to present id. An id that is in use is nobody's former one."""
        return {
            former: name
            for name, entry in reversed(list(self.subjects.items()))
            for former in entry.value.formerly
            if former not in self.subjects
        }

    def declares_mitigation(self, name: str) -> bool:
        """Whether a mitigation of this id is written anywhere, be it broken."""
        return name in self.mitigations or name in self.broken.get("mitigation", frozenset())

    def place_of(self, subject: str) -> Position:
        """Where something that is re-assessed is written."""
        return self.subjects[subject].origin.at()
