"""Changes of a target. What cannot be compared counts as looser."""

from collections.abc import Iterator
from dataclasses import replace

from reassay.changes.base import FieldChange, looser, neutral, plain, rest, tighter
from reassay.changes.criterion import criterion_changes
from reassay.register.criteria import Criterion, Target
from reassay.register.resources import DIMENSIONS, Resources, StatedResources, order_of

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
    for name in ("statement", "actor"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield looser(f"target.{name}", "changed", old, new, _NOT_COMPARED)
    yield from resource_changes(before.resources, after.resources)
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
    path = f"target.criteria.{before.name}"
    for change in criterion_changes(before, after):
        yield replace(change, field=f"{path}.{change.field}" if change.field else path)


def resource_changes(before: StatedResources | None, after: StatedResources | None) -> Iterator[FieldChange]:
    """Changes of the resources that the target assumes of its actor: more of one is tighter."""
    if not isinstance(before, Resources) or not isinstance(after, Resources):
        if before != after:
            yield looser("target.resources", "changed", plain(before), plain(after), _NOT_COMPARED)
        return
    for name in DIMENSIONS:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        path, order = f"target.resources.{name}", order_of(name, new, old)
        if old is None or order == 1:
            yield tighter(path, "raised" if old else "added", old, new, "the actor has more")
        elif order == 0:
            yield neutral(path, old, new, "the same in other words")
        else:
            word = "lowered" if order == -1 else "removed" if new is None else "changed"
            yield looser(path, word, old, new, "the actor has less, or that cannot be ruled out")
