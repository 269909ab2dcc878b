"""Kinds of control against each threat model: whether what is declared prevents, detects or corrects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassay.common.sentences import names
from reassay.register.mitigation import ControlKind, Mitigation
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class ControlKindCoverage:
    """The kinds of control against one threat model, as declared."""

    threat_model: str
    kinds: Mapping[ControlKind, tuple[str, ...]]
    """Mitigations by stated kind; a kind without any is left out."""
    unstated: tuple[str, ...]
    """Mitigations that do not state their kind."""

    @property
    def gap(self) -> str:
        """What nothing does against it, in words; empty where something prevents it, or no kind is stated at all."""
        if not self.kinds or ControlKind.PREVENTIVE in self.kinds:
            return ""
        only = f"only {names(*self.kinds)} controls"
        return f"{only} are stated; {len(self.unstated)} of unstated kind" if self.unstated else only


def control_kinds(register: Register, active: Iterable[Mitigation]) -> tuple[ControlKindCoverage, ...]:
    """The kinds of control against every threat model that a mitigation names; empty if no mitigation states its kind."""
    mitigations = tuple(active)
    if not any(mitigation.kind_of_control for mitigation in mitigations):
        return ()
    return tuple(
        _against(name, tuple(own for own in mitigations if name in own.threat_models))
        for name in register.threat_models
    )


def _against(threat_model: str, mitigations: tuple[Mitigation, ...]) -> ControlKindCoverage:
    by_kind = {kind: tuple(own.id for own in mitigations if own.kind_of_control is kind) for kind in ControlKind}
    return ControlKindCoverage(
        threat_model,
        {kind: own for kind, own in by_kind.items() if own},
        tuple(own.id for own in mitigations if own.kind_of_control is None),
    )
