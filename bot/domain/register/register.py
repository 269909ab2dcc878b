"""The register: all objects of a framework repository, each with the place where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.domain.register.configuration import Configuration
from bot.domain.register.deployment import Deployment
from bot.domain.register.finding import Finding, Origin, Position, Severity
from bot.domain.register.mitigation import Mitigation
from bot.domain.register.threat_model import ThreatModel

RegisterObject = Mitigation | Deployment | ThreatModel
KINDS: Mapping[str, type[RegisterObject]] = {
    "mitigation": Mitigation,
    "deployment": Deployment,
    "threat-model": ThreatModel,
}
"""Kinds of object by name."""


ObjectT_co = TypeVar("ObjectT_co", bound=RegisterObject, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[ObjectT_co]):
    """An object, where it stands, and the document as written (for snapshots)."""

    value: ObjectT_co
    origin: Origin
    written: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """What could be read, and what was wrong with the rest. One broken object hides no other."""

    configuration: Configuration = field(default_factory=Configuration)
    mitigations: Mapping[str, Entry[Mitigation]] = field(default_factory=dict)
    """By id, in order of id."""
    deployments: Mapping[str, Entry[Deployment]] = field(default_factory=dict)
    threat_models: Mapping[str, Entry[ThreatModel]] = field(default_factory=dict)
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

    @property
    def renamed(self) -> Mapping[str, str]:
        """Former id to present id. An id that is in use is nobody's former one."""
        return {
            former: name
            for name, entry in reversed(list(self.mitigations.items()))
            for former in entry.value.formerly
            if former not in self.mitigations
        }

    def place_of(self, mitigation_id: str) -> Position:
        """Where a mitigation of this register is written."""
        return self.mitigations[mitigation_id].origin.at()
