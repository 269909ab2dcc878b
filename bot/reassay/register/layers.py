"""Layers: which mitigations stand between a threat model and an audience. Retired and proposed ones count for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reassay.register.base import Status
from reassay.register.deployment import Audience
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.threat_model import ThreatModel

NO_LAYER = "(no layer)"


@dataclass(frozen=True, slots=True)
class LayerCoverage:
    """One threat model before one audience."""

    threat_model: str
    audience: Audience
    layers: Mapping[str, tuple[str, ...]]
    """Layer to mitigations; those that name no layer are under `(no layer)`."""
    minimum: int

    @property
    def mitigations(self) -> tuple[str, ...]:
        """All that work against it here."""
        return tuple(name for names in self.layers.values() for name in names)

    @property
    def counted(self) -> int:
        """Layers that count: mitigations without a layer add none."""
        return sum(layer != NO_LAYER for layer in self.layers)

    @property
    def is_short(self) -> bool:
        """Fewer layers than wanted."""
        return self.counted < self.minimum

    @property
    def single_point(self) -> str | None:
        """The one mitigation whose loss would leave nothing; None if there are several, or none at all."""
        return self.mitigations[0] if len(self.mitigations) == 1 else None


def active_mitigations(register: Register) -> tuple[Mitigation, ...]:
    """Those that hold a risk down now."""
    return tuple(entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE)


def layer_coverage(register: Register) -> tuple[LayerCoverage, ...]:
    """For every threat model and every audience that a deployment has."""
    return tuple(_layers(active_mitigations(register), register))


def _layers(active: Sequence[Mitigation], register: Register) -> Iterator[LayerCoverage]:
    audiences = {name: entry.value.audience for name, entry in register.deployments.items()}
    present = [audience for audience in Audience if audience in audiences.values()]
    for name, entry in register.threat_models.items():
        for audience in present:
            layers: dict[str, tuple[str, ...]] = {}
            for each in active:
                if name in each.threat_models and _serves(each, audience, audiences):
                    layer = str(each.layer) if each.layer else NO_LAYER
                    layers[layer] = (*layers.get(layer, ()), each.id)
            yield LayerCoverage(name, audience, layers, _minimum(entry.value, audience))


def _serves(mitigation: Mitigation, audience: Audience, audiences: Mapping[str, Audience]) -> bool:
    """A mitigation that names no deployment serves them all."""
    return not mitigation.deployments or any(audiences.get(name) is audience for name in mitigation.deployments)


def _minimum(threat_model: ThreatModel, audience: Audience) -> int:
    wanted = threat_model.minimum_layers
    match audience:
        case Audience.INTERNAL:
            return wanted.internal
        case Audience.TRUSTED_TESTERS:
            return wanted.trusted_testers
        case Audience.EXTERNAL:
            return wanted.external
