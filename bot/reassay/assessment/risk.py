"""Risk order of first re-assessments: by widest audience, then by threat models without other mitigations."""

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
    """The risk of a mitigation that was never assessed."""

    audience: Audience | None
    """The widest audience of its deployments; None if it names no deployment."""
    alone_for: tuple[str, ...]
    """Threat models that no other active mitigation covers."""
    threat_models: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Sort key, highest risk first. An unknown audience counts as external."""
        width = _WIDTH[self.audience or Audience.EXTERNAL]
        return (-width, -len(self.alone_for), -self.threat_models)

    def words(self) -> str:
        """The reasons for its position, as part of a sentence."""
        parts = [f"{self.audience} audience" if self.audience else "audience not stated"]
        if self.alone_for:
            parts.append(f"alone against {names(*self.alone_for)}")
        elif self.threat_models:
            parts.append(f"{self.threat_models} threat model{'s' if self.threat_models > 1 else ''}")
        return ", ".join(parts)


UNKNOWN = Risk(None, (), 0)
"""The risk of a subject that is not a mitigation."""


def risks(register: Register) -> Mapping[str, Risk]:
    """The risk of each active mitigation by id, from the register alone."""
    active = [entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE]
    covered = Counter(threat for mitigation in active for threat in set(mitigation.threat_models))
    return {mitigation.id: _risk(mitigation, covered, register) for mitigation in active}


def _risk(mitigation: Mitigation, covered: Counter[str], register: Register) -> Risk:
    audiences = [
        register.deployments[name].value.audience for name in mitigation.deployments if name in register.deployments
    ]
    alone = tuple(threat for threat in mitigation.threat_models if covered[threat] == 1)
    return Risk(max(audiences, key=_WIDTH.__getitem__, default=None), alone, len(mitigation.threat_models))
