"""Which first re-assessments come first: the widest audience, then the threat models nothing else covers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reassay.common.sentences import names
from reassay.register.base import Status
from reassay.register.deployment import Audience
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

_WIDTH: Mapping[Audience, int] = {audience: width for width, audience in enumerate(Audience)}


@dataclass(frozen=True, slots=True)
class Risk:
    """How urgently a mitigation nobody assessed should be looked at."""

    audience: Audience | None
    """The widest it serves; None if it names no deployment."""
    alone_for: tuple[str, ...]
    """Threat models that no other active mitigation names."""
    threat_models: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Sorts highest risk first. A mitigation of unknown audience counts as external: silence is no comfort."""
        width = _WIDTH[self.audience or Audience.EXTERNAL]
        return (-width, -len(self.alone_for), -self.threat_models)

    def words(self) -> str:
        """Why it stands where it stands in the queue."""
        parts = [f"{self.audience} audience" if self.audience else "audience not stated"]
        if self.alone_for:
            parts.append(f"alone against {names(*self.alone_for)}")
        elif self.threat_models:
            parts.append(f"{self.threat_models} threat model{'s' if self.threat_models > 1 else ''}")
        return ", ".join(parts)


UNKNOWN = Risk(None, (), 0)
"""Of what is no mitigation: nothing is known of whom it reaches."""


def risks(register: Register) -> Mapping[str, Risk]:
    """By mitigation id, computed from what the register declares and nothing else."""
    active = [entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE]
    covered = Counter(threat for mitigation in active for threat in set(mitigation.threat_models))
    return {mitigation.id: _risk(mitigation, covered, register) for mitigation in active}


def _risk(mitigation: Mitigation, covered: Counter[str], register: Register) -> Risk:
    audiences = [
        register.deployments[name].value.audience for name in mitigation.deployments if name in register.deployments
    ]
    alone = tuple(threat for threat in mitigation.threat_models if covered[threat] == 1)
    return Risk(max(audiences, key=_WIDTH.__getitem__, default=None), alone, len(mitigation.threat_models))
