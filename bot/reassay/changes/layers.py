"""Layers: where a change leaves a threat model with fewer layers than it should meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.changes.base import Change, Direction
from reassay.register.layers import (
    Causes,
    Places,
    Uncounted,
    by_place,
    causes_of,
    declared_places,
    layer_coverage,
)
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
    as it did before, because what its change means is decided elsewhere. Both sides are counted in the same deployments: where a
    threat model applied, and where it will apply. Each threat model and audience is given once.
    """
    causes = _causes(before, after), _causes(after, before)
    seen: set[tuple[str, str]] = set()
    for places in _places(before, after):
        sides = _Sides(before, after, causes, places)
        for one_way in (sides.declared(), *(sides.fewer(uncounted) for uncounted in ways)):
            for thinning in one_way:
                if (thinning.threat_model, thinning.audience) not in seen:
                    seen.add((thinning.threat_model, thinning.audience))
                    yield thinning


def _places(before: Register, after: Register) -> tuple[Places, ...]:
    """Where threat models applied, and where they will apply if that differs."""
    old, new = declared_places(before), declared_places(after)
    return (new,) if old == new else (old, new)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides of a change, and how their layers are counted."""

    before: Register
    after: Register
    causes: tuple[Causes, Causes]
    places: Places

    def fewer(self, uncounted: Uncounted) -> Iterator[Thinned]:
        """By the cells of `before`."""
        former = {name: old for old, name in self.after.renamed.items() if old in self.before.mitigations}
        carried = {name: uncounted.reasons.get(former.get(name, name), {}) for name in self.after.mitigations}
        old = by_place(layer_coverage(self.before, uncounted, self.causes[0], self.places))
        now_uncounted = replace(uncounted, reasons=carried)
        for now in layer_coverage(self.after, now_uncounted, self.causes[1], self.places):
            then = old.get((now.threat_model, str(now.audience)))
            if then is not None and now.is_short and now.counted < then.counted:
                why = tuple(f"`{name}` does not count ({reason})" for name, reason in sorted(now.uncounted.items()))
                yield Thinned(now.threat_model, str(now.audience), then.counted, now.counted, now.minimum, why)

    def declared(self) -> Iterator[Thinned]:
        """Layers before and after, as the registers declare them."""
        old = by_place(layer_coverage(self.before, causes=self.causes[0], places=self.places))
        for now in layer_coverage(self.after, causes=self.causes[1], places=self.places):
            then = old.get((now.threat_model, str(now.audience)))
            counted = then.counted if then else 0
            if (
                now.is_short
                and then is not None
                and (now.counted < counted or (now.minimum > then.minimum and not then.is_short))
            ):
                yield Thinned(now.threat_model, str(now.audience), counted, now.counted, now.minimum)


def _causes(own: Register, other: Register) -> Causes:
    """Common causes that either side states, so that stating one thins nothing and hiding one gains nothing."""
    causes: dict[str, frozenset[str]] = {}
    for name, entry in own.mitigations.items():
        twins = (name, other.renamed.get(name, name), *entry.value.formerly)
        theirs = (causes_of(other.mitigations[twin].value) for twin in twins if twin in other.mitigations)
        causes[name] = causes_of(entry.value).union(*theirs)
    return {name: stated for name, stated in causes.items() if stated}
