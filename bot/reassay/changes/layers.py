"""Layers: where a change leaves a threat model with fewer layers than it should meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reassay.changes.base import Change, Direction
from reassay.register.layers import Causes, LayerCoverage, Uncounted, causes_of, layer_coverage
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Thinned:
    """One threat model before one audience, worse than it was and under its minimum."""

    threat_model: str
    audience: str
    before: int
    after: int
    minimum: int
    uncounted: tuple[str, ...] = ()
    """Mitigations that would be left and do not count, each with the reason; empty where layers are as declared."""

    def words(self) -> str:
        """The thinning in words."""
        kind = " that counts" if self.uncounted else ""
        plural = " that count" if self.uncounted else ""
        left = f"no layer{kind}" if self.after == 0 else f"{self.after} layer{'s' + plural if self.after > 1 else kind}"
        rest = f"; {', '.join(self.uncounted)}" if self.uncounted else ""
        return (
            f"`{self.threat_model}` would have {left} for {self.audience}, but {self.minimum} are required"
            f" (now {self.before}){rest}"
        )


def layer_changes(before: Register, after: Register) -> Iterator[Change]:
    """Thinned layers as changes."""
    for thinning in thinned(before, after):
        entry = after.threat_models[thinning.threat_model]
        yield Change(
            "threat-model",
            thinning.threat_model,
            f"layers.{thinning.audience}",
            "lowered",
            thinning.before,
            thinning.after,
            Direction.LOOSER,
            significant=True,
            why=f"{thinning.minimum} are required",
            at=entry.origin.at(),
        )


def thinned(before: Register, after: Register, ways: Sequence[Uncounted] = ()) -> Iterator[Thinned]:
    """Threat models whose layers a change reduces below the minimum, as declared; those that were short before are left out.

    Then those that lose one of the last layers by some way of counting, by the cells of `before`. A mitigation counts afterwards
    as it did before, because what its change means is decided elsewhere. Each threat model and audience is given once.
    """
    causes = _causes(before, after), _causes(after, before)
    seen: set[tuple[str, str]] = set()
    found = (_declared(before, after, causes), *(_fewer(before, after, uncounted, causes) for uncounted in ways))
    for thinning in (thinning for one_way in found for thinning in one_way):
        if (thinning.threat_model, thinning.audience) not in seen:
            seen.add((thinning.threat_model, thinning.audience))
            yield thinning


def _fewer(before: Register, after: Register, uncounted: Uncounted, causes: tuple[Causes, Causes]) -> Iterator[Thinned]:
    former = {name: old for old, name in after.renamed.items() if old in before.mitigations}
    reasons = uncounted.reasons
    carried = {name: reasons.get(former.get(name, name), {}) for name in after.mitigations}
    old = _by_key(layer_coverage(before, uncounted, causes[0]))
    for now in layer_coverage(after, replace(uncounted, reasons=carried), causes[1]):
        then = old.get((now.threat_model, str(now.audience)))
        if then is not None and now.is_short and now.counted < then.counted:
            why = tuple(f"`{name}` does not count ({reason})" for name, reason in sorted(now.uncounted.items()))
            yield Thinned(now.threat_model, str(now.audience), then.counted, now.counted, now.minimum, why)


def _declared(before: Register, after: Register, causes: tuple[Causes, Causes]) -> Iterator[Thinned]:
    old = _by_key(layer_coverage(before, causes=causes[0]))
    for now in layer_coverage(after, causes=causes[1]):
        then = old.get((now.threat_model, str(now.audience)))
        counted = then.counted if then else 0
        if (
            now.is_short
            and then is not None
            and (now.counted < counted or (now.minimum > then.minimum and not then.is_short))
        ):
            yield Thinned(now.threat_model, str(now.audience), counted, now.counted, now.minimum)


def _by_key(coverages: tuple[LayerCoverage, ...]) -> Mapping[tuple[str, str], LayerCoverage]:
    return {(coverage.threat_model, str(coverage.audience)): coverage for coverage in coverages}


def _causes(own: Register, other: Register) -> Causes:
    """Common causes that either side states, so that stating one thins nothing and hiding one gains nothing."""
    causes: dict[str, frozenset[str]] = {}
    for name, entry in own.mitigations.items():
        twins = (name, other.renamed.get(name, name), *entry.value.formerly)
        theirs = (causes_of(other.mitigations[twin].value) for twin in twins if twin in other.mitigations)
        causes[name] = causes_of(entry.value).union(*theirs)
    return {name: stated for name, stated in causes.items() if stated}
