"""Changes of a target. What cannot be compared counts as looser."""

from collections.abc import Iterator

from reassay.changes.base import FieldChange, looser, plain, rest, tighter
from reassay.changes.durations import duration_change
from reassay.common.calendar import Duration
from reassay.register.criteria import Criterion, Target

_BOUNDS = {
    "at_most": ("loosened", "tightened", "the threshold allows more", "the threshold allows less"),
    "at_least": ("tightened", "loosened", "the threshold requires more", "the threshold requires less"),
    "margin": ("widened", "cut", "the safety margin is wider", "the safety margin is smaller"),
}
"""Bound -> words and reasons for a larger and for a smaller figure."""
_RISING_IS_LOOSER = frozenset({"at_most"})
_NOT_COMPARED = "text cannot be compared, so a looser target cannot be ruled out"


def target_changes(before: Target | None, after: Target | None) -> Iterator[FieldChange]:
    """Changes of a target, field by field."""
    if before == after:
        return
    if before is None:
        yield tighter("target", "added", None, plain(after), "there was no target")
        return
    if after is None:
        yield looser("target", "removed", plain(before), None, "it has no target now")
        return
    for name in ("statement", "actor", "resources"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield looser(f"target.{name}", "changed", old, new, _NOT_COMPARED)
    yield from rest(before, after, {"statement", "actor", "resources", "criteria"}, under="target.")
    yield from _criteria(before, after)


def _criteria(before: Target, after: Target) -> Iterator[FieldChange]:
    old = {criterion.name: criterion for criterion in before.criteria}
    new = {criterion.name: criterion for criterion in after.criteria}
    for name, criterion in old.items():
        if name not in new:
            yield looser(f"target.criteria.{name}", "removed", plain(criterion), None, "one criterion less must be met")
        else:
            yield from _criterion(criterion, new[name])
    for name, criterion in new.items():
        if name not in old:
            yield tighter(f"target.criteria.{name}", "added", None, plain(criterion), "one more criterion must be met")


def _criterion(before: Criterion, after: Criterion) -> Iterator[FieldChange]:
    if before.kind != after.kind:
        why = "another kind of criterion cannot be compared"
        yield looser(f"target.criteria.{before.name}", "changed", before.kind, after.kind, why)
        return
    for name in type(before).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield from _field(f"target.criteria.{before.name}.{name}", name, old, new)


def _field(path: str, name: str, old: object, new: object) -> Iterator[FieldChange]:
    if name == "at_most" and isinstance(old, Duration) and isinstance(new, Duration):
        yield from duration_change(path, old, new, "it may take longer", "it may take less time")
    else:
        yield _bound(path, name, old, new)


def _bound(path: str, name: str, old: object, new: object) -> FieldChange:
    if name not in _BOUNDS or not isinstance(old, int | float) or not isinstance(new, int | float):
        return looser(
            path, "changed", plain(old), plain(new), "it cannot be compared, so a looser target cannot be ruled out"
        )
    larger, smaller, why_larger, why_smaller = _BOUNDS[name]
    is_looser = (new > old) is (name in _RISING_IS_LOOSER)
    way = looser if is_looser else tighter
    return way(path, larger if new > old else smaller, old, new, why_larger if new > old else why_smaller)
