"""The register: all objects of a framework repository, each with its source."""

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
from reassay.register.finding import Finding, FindingSeverity, Origin, Position
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.threat_model import ThreatModel
from reassay.register.unreadable_entry import UnreadableEntry

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
"""The models of objects by kind."""
LISTS: Mapping[str, str] = {f"{kind.replace('-', '_')}s": kind for kind in KINDS}
"""Kinds by key of a collection file: `threat_models` lists objects of kind threat-model."""


def in_words(kind: str) -> str:
    """A kind as words of a sentence: `threat model`."""
    return kind.replace("-", " ")


ObjectT_co = TypeVar("ObjectT_co", bound=Described, covariant=True)


@dataclass(frozen=True, slots=True)
class RegisterEntry(Generic[ObjectT_co]):
    """An object of the register with its source and the document as written (for snapshots)."""

    value: ObjectT_co
    origin: Origin
    written: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """All valid objects by kind and id, and the findings about the others."""

    configuration: Configuration = field(default_factory=Configuration)
    mitigations: Mapping[str, RegisterEntry[Mitigation]] = field(default_factory=dict)
    """By id, in order of id."""
    deployments: Mapping[str, RegisterEntry[Deployment]] = field(default_factory=dict)
    threat_models: Mapping[str, RegisterEntry[ThreatModel]] = field(default_factory=dict)
    models: Mapping[str, RegisterEntry[Model]] = field(default_factory=dict)
    commitments: Mapping[str, RegisterEntry[Commitment]] = field(default_factory=dict)
    incidents: Mapping[str, RegisterEntry[Incident]] = field(default_factory=dict)
    information_items: Mapping[str, RegisterEntry[InformationItem]] = field(default_factory=dict)
    risk_acceptances: Mapping[str, RegisterEntry[RiskAcceptance]] = field(default_factory=dict)
    evidence_items: Mapping[str, RegisterEntry[EvidenceItem]] = field(default_factory=dict)
    delegations: Mapping[str, RegisterEntry[Delegation]] = field(default_factory=dict)
    past_assessments: Mapping[str, RegisterEntry[PastAssessment]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    """In order of place."""
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids by kind of objects that are declared but cannot be used."""
    unreadable: tuple[UnreadableEntry, ...] = ()
    """Places that declare an object, or may declare one, and cannot be used; in order of place."""
    configuration_origin: Origin | None = None
    """The source of the configuration; None if there is none."""
    configuration_is_broken: bool = False
    """Whether its own configuration cannot be used: then `prior` is in force, and without one nothing may be posted."""
    configuration_problem: Finding | None = None
    """The first error of a configuration that cannot be used; None for one that can be."""
    configuration_is_doubtful: bool = False
    """Whether a file that could not be read whole may have stated a part of it: there is no configuration file then."""
    prior: PriorConfiguration | None = None
    """The earlier configuration that is in force instead of its own; None if its own is, or none is known."""
    is_missing: bool = False
    """Whether there is no register in the folder that the configuration names."""

    @property
    def has_rules(self) -> bool:
        """Whether it is known by which configuration to judge: its own, or an earlier one."""
        return not self.configuration_is_broken or self.prior is not None

    @property
    def enforces(self) -> bool:
        """Whether the gate blocks merges. Where no rules are known, it is not known either that they only advise."""
        return self.configuration.mode == "enforce" or not self.has_rules

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity is FindingSeverity.ERROR)

    @cached_property
    def subjects(self) -> Mapping[str, RegisterEntry[Assessable]]:
        """The subjects of re-assessments by id: mitigations, and commitments with a clock of their own."""
        own: dict[str, RegisterEntry[Assessable]] = {
            name: entry for name, entry in self.commitments.items() if entry.value.has_its_own_clock
        }
        return dict(sorted({**own, **self.mitigations}.items()))

    @cached_property
    def carriers(self) -> tuple[Assessable, ...]:
        """All that names people: mitigations and commitments, also those without a clock of their own."""
        entries = (*self.mitigations.values(), *self.commitments.values())
        return tuple(entry.value for entry in entries)

    def objects(self, kind: str) -> Mapping[str, RegisterEntry[RegisterObject]]:
        """All objects of a kind by id. Raises KeyError for a name that is not in KINDS."""
        fields: Mapping[str, Mapping[str, RegisterEntry[RegisterObject]]] = {
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
        """Present ids by former id; ids in use are left out."""
        claims = [(name, entry.value.formerly) for name, entry in reversed(list(self.subjects.items()))]
        # A mitigation with an error keeps the history of its former ids, too.
        claims[:0] = [(entry.id, entry.formerly) for entry in self.unreadable if entry.id and entry.is_error]
        return {former: name for name, formerly in claims for former in formerly if former not in self.subjects}

    def declares_mitigation(self, name: str) -> bool:
        """Whether a mitigation of this id is declared, valid or not."""
        return name in self.mitigations or name in self.broken.get("mitigation", frozenset())

    def place_of(self, subject: str) -> Position:
        """The place of a subject. Raises KeyError for an unknown id."""
        return self.subjects[subject].origin.at()
