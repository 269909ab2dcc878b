"""Layers: where a change leaves a threat model with fewer layers than it should meet."""

from collections.abc import Iterator
from dataclasses import dataclass

from reassay.changes.base import Change, Direction
from reassay.register.layers import layer_coverage
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Thinned:
    """One threat model before one audience, worse than it was and under its minimum."""

    threat_model: str
    audience: str
    before: int
    after: int
    minimum: int

    def words(self) -> str:
        """The thinning in words."""
        left = "no layer" if self.after == 0 else f"{self.after} layer{'s' if self.after > 1 else ''}"
        return f"`{self.threat_model}` would have {left} for {self.audience}, but {self.minimum} are required (now {self.before})"


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


def thinned(before: Register, after: Register) -> Iterator[Thinned]:
    """Threat models whose layers a change reduces below the minimum; those that were short before are left out."""
    old = {(coverage.threat_model, coverage.audience): coverage for coverage in layer_coverage(before)}
    for now in layer_coverage(after):
        then = old.get((now.threat_model, now.audience))
        counted = then.counted if then else 0
        if (
            now.is_short
            and then is not None
            and (now.counted < counted or (now.minimum > then.minimum and not then.is_short))
        ):
            yield Thinned(now.threat_model, str(now.audience), counted, now.counted, now.minimum)
