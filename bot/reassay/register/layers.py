"""Layer coverage: active mitigations by threat model, audience and layer."""

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
    """Layer coverage of one threat model for one audience."""

    threat_model: str
    audience: Audience
    layers: Mapping[str, tuple[str, ...]]
    """Mitigation ids by layer; those without a layer under `(no layer)`."""
    minimum: int

    @property
    def mitigations(self) -> tuple[str, ...]:
        """Ids of all its mitigations."""
        return tuple(name for names in self.layers.values() for name in names)

    @property
    def counted(self) -> int:
        """The number of layers; `(no layer)` does not count."""
        return sum(layer != NO_LAYER for layer in self.layers)

    @property
    def is_short(self) -> bool:
        """Whether there are fewer layers than `minimum`."""
        return self.counted < self.minimum

    @property
    def single_point(self) -> str | None:
        """The id of its only mitigation; None if it has several or none."""
        return self.mitigations[0] if len(self.mitigations) == 1 else None


def active_mitigations(register: Register) -> tuple[Mitigation, ...]:
    """All mitigations with status active."""
    return tuple(entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE)


def layer_coverage(register: Register) -> tuple[LayerCoverage, ...]:
    """The layer coverage of every threat model for every audience of a deployment."""
    return tuple(_layers(active_mitigations(register), register))


def _layers(active: Sequence[Mitigation], register: Register) -> Iterator[LayerCoverage]:
    audiences = {name: entry.value.audience for name, entry in register.deployments.items()}
    present = [audience for audience in Audience if audience in audiences.values()]
    for name, entry in register.threat_models.items():
        for audience in present:
            layers: dict[str, tuple[str, ...]] = {}
            for mitigation in active:
                if name in mitigation.threat_models and _serves(mitigation, audience, audiences):
                    layer = str(mitigation.layer) if mitigation.layer else NO_LAYER
                    layers[layer] = (*layers.get(layer, ()), mitigation.id)
            yield LayerCoverage(name, audience, layers, _minimum(entry.value, audience))


def _serves(mitigation: Mitigation, audience: Audience, audiences: Mapping[str, Audience]) -> bool:
    """Whether a mitigation serves an audience; one that names no deployment serves all."""
    return not mitigation.deployments or any(audiences.get(name) is audience for name in mitigation.deployments)


def _minimum(threat_model: ThreatModel, audience: Audience) -> int:
    minimum = threat_model.minimum_layers
    match audience:
        case Audience.INTERNAL:
            return minimum.internal
        case Audience.TRUSTED_TESTERS:
            return minimum.trusted_testers
        case Audience.EXTERNAL:
            return minimum.external
