"""Layer coverage: active mitigations by threat model, audience and layer, and how many layers count."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reassay.register.base import Status
from reassay.register.deployment import Audience
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.threat_model import ThreatModel

NO_LAYER = "(no layer)"
EVERYWHERE = "*"
NOT_ASSESSED = "never assessed"
Causes = Mapping[str, frozenset[str]]
"""Common causes of failure by mitigation, in small letters."""
Places = Mapping[str, frozenset[str]]
"""The deployments where a threat model applies, by threat model; one that is left out applies in all."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Why cells do not count as layers, by one way of counting."""

    reasons: Mapping[str, Mapping[str, str]]
    """By mitigation and cell; "" if the cell counts."""
    otherwise: str = NOT_ASSESSED
    """The reason for cells that have none; "" if they count."""


@dataclass(frozen=True)
class LayerCoverage:
    """Layer coverage of one threat model for one audience."""

    threat_model: str
    audience: Audience
    layers: Mapping[str, tuple[str, ...]]
    """Mitigation ids by layer; those without a layer under `(no layer)`."""
    minimum: int
    uncounted: Mapping[str, str] = field(default_factory=dict)
    """Why a mitigation does not count, by id; those that count are left out."""
    causes: Causes = field(default_factory=dict)
    """Common causes of failure of its mitigations, by id."""

    @property
    def mitigations(self) -> tuple[str, ...]:
        """Ids of all its mitigations."""
        return tuple(name for names in self.layers.values() for name in names)

    @property
    def declared(self) -> int:
        """The number of layers by the register alone; `(no layer)` is none."""
        return sum(layer != NO_LAYER for layer in self.layers)

    @cached_property
    def counted(self) -> int:
        """The number of layers that count: those of mitigations that count, where layers with one cause of failure are one."""
        return _independent(
            [
                [self.causes.get(name, frozenset()) for name in names if name not in self.uncounted]
                for layer, names in self.layers.items()
                if layer != NO_LAYER
            ]
        )

    @property
    def shared_causes(self) -> tuple[str, ...]:
        """Causes that mitigations of several layers that count have in common, sorted."""
        by_layer = [
            {cause for name in names if name not in self.uncounted for cause in self.causes.get(name, ())}
            for layer, names in self.layers.items()
            if layer != NO_LAYER
        ]
        every = sorted({cause for causes in by_layer for cause in causes})
        return tuple(cause for cause in every if sum(cause in causes for causes in by_layer) > 1)

    @property
    def is_short(self) -> bool:
        """Whether fewer layers count than `minimum`."""
        return self.counted < self.minimum

    @property
    def single_point(self) -> str | None:
        """The id of its only mitigation that counts, or of its only one; None if it has several or none."""
        names = [name for name in self.mitigations if name not in self.uncounted] or list(self.mitigations)
        return names[0] if len(names) == 1 else None


def _independent(layers: Sequence[Sequence[frozenset[str]]]) -> int:
    """The number of layers, of which those whose every mitigation shares a cause with the others of another are one.

    A layer with a mitigation that states no cause stands alone. `layers` has the causes of each mitigation that counts.
    """
    alone = [causes for causes in layers if causes and not all(causes)]
    groups: list[set[str]] = []
    for causes in layers:
        if not causes or not all(causes):
            continue
        joined = set().union(*causes)
        apart = [group for group in groups if not group & joined]
        groups = [*apart, joined.union(*(group for group in groups if group & joined))]
    return len(alone) + len(groups)


def active_mitigations(register: Register) -> tuple[Mitigation, ...]:
    """All mitigations with status active."""
    return tuple(entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE)


def layer_coverage(
    register: Register, uncounted: Uncounted | None = None, causes: Causes | None = None, places: Places | None = None
) -> tuple[LayerCoverage, ...]:
    """The layer coverage of every threat model for every audience of a deployment where it applies.

    Without `uncounted` every active mitigation counts, as the register declares it. `causes` and `places` replace those that the
    register declares.
    """
    own = _Layers(
        register,
        uncounted,
        common_causes(register) if causes is None else causes,
        declared_places(register) if places is None else places,
    )
    return tuple(own.rows(active_mitigations(register)))


def declared_places(register: Register) -> Places:
    """Where each threat model applies, as its `deployments` say.

    One that names a deployment which the register does not have applies in all: who is reached there is unknown.
    """
    return {
        name: frozenset(entry.value.deployments)
        for name, entry in register.threat_models.items()
        if entry.value.deployments and register.deployments.keys() >= {*entry.value.deployments}
    }


def common_causes(register: Register) -> Causes:
    """Common causes of failure as declared."""
    return {name: causes_of(entry.value) for name, entry in register.mitigations.items() if entry.value.common_causes}


def causes_of(mitigation: Mitigation) -> frozenset[str]:
    """The common causes of a mitigation, in small letters."""
    return frozenset(" ".join(cause.casefold().split()) for cause in mitigation.common_causes)


@dataclass(frozen=True, slots=True)
class _Layers:
    """What the rows of a register's layer coverage follow from."""

    register: Register
    uncounted: Uncounted | None
    causes: Causes
    places: Places

    def rows(self, active: Sequence[Mitigation]) -> Iterator[LayerCoverage]:
        audiences = {name: entry.value.audience for name, entry in self.register.deployments.items()}
        against: dict[str, list[Mitigation]] = {}
        for mitigation in active:
            for threat in dict.fromkeys(mitigation.threat_models):
                against.setdefault(threat, []).append(mitigation)
        for name, entry in self.register.threat_models.items():
            where = self.places.get(name)
            reached = _reached(audiences, where)
            # What protects stored weights is no layer against a threat that applies in named deployments alone.
            mitigations = [own for own in against.get(name, ()) if where is None or not own.serves]
            for audience in Audience:
                if audience in reached.values():
                    yield self._row(entry.value, audience, reached, mitigations)

    def _row(
        self,
        threat_model: ThreatModel,
        audience: Audience,
        reached: Mapping[str, Audience],
        mitigations: Sequence[Mitigation],
    ) -> LayerCoverage:
        layers: dict[str, tuple[str, ...]] = {}
        why: dict[str, str] = {}
        for mitigation in mitigations:
            cells = _cells(mitigation, audience, reached)
            if not cells:
                continue
            layer = str(mitigation.layer) if mitigation.layer else NO_LAYER
            layers[layer] = (*layers.get(layer, ()), mitigation.id)
            if self.uncounted is not None and (reason := _why_not(mitigation.id, cells, self.uncounted)):
                why[mitigation.id] = reason
        return LayerCoverage(threat_model.id, audience, layers, _minimum(threat_model, audience), why, self.causes)


def _reached(audiences: Mapping[str, Audience], where: frozenset[str] | None) -> Mapping[str, Audience]:
    """The audiences of the deployments where a threat model applies, by deployment; of all of them where `where` is None.

    None of them declared is not an answer, so it is taken for all.
    """
    reached = {name: audience for name, audience in audiences.items() if where is None or name in where}
    return reached or audiences


def _cells(mitigation: Mitigation, audience: Audience, reached: Mapping[str, Audience]) -> tuple[str, ...]:
    """The cells by which a mitigation serves an audience; one that names no deployment serves all by one cell."""
    if not mitigation.deployments:
        return (EVERYWHERE,)
    return tuple(name for name in mitigation.deployments if reached.get(name) is audience)


def _why_not(name: str, cells: Collection[str], uncounted: Uncounted) -> str:
    """Why a mitigation does not count for an audience: each of its cells there must count. Empty if it counts."""
    reasons = uncounted.reasons.get(name, {})
    return next((reason for cell in cells if (reason := _of_cell(reasons, cell, uncounted.otherwise))), "")


def _of_cell(reasons: Mapping[str, str], cell: str, otherwise: str) -> str:
    """Why a cell does not count. One that was not divided before, or is not divided any more, is judged as it was."""
    if cell in reasons:
        return reasons[cell]
    if cell == EVERYWHERE and reasons:
        return next((reason for reason in reasons.values() if reason), "")
    return reasons.get(EVERYWHERE, otherwise)


def _minimum(threat_model: ThreatModel, audience: Audience) -> int:
    minimum = threat_model.minimum_layers
    match audience:
        case Audience.INTERNAL:
            return minimum.internal
        case Audience.TRUSTED_TESTERS:
            return minimum.trusted_testers
        case Audience.EXTERNAL:
            return minimum.external


def by_place(coverages: Iterable[LayerCoverage]) -> Mapping[tuple[str, str], LayerCoverage]:
    """Coverages by threat model and audience."""
    return {(coverage.threat_model, str(coverage.audience)): coverage for coverage in coverages}
