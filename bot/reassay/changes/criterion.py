"""Changes of a criterion, leaf by leaf. A leaf without a rule counts as looser, because nobody can say that it is not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from pydantic import BaseModel

from reassay.changes.base import Direction, FieldChange, looser, members, neutral, plain, tighter
from reassay.changes.durations import duration_change
from reassay.common.calendar import Duration
from reassay.register.capability_criterion import Elicitation
from reassay.register.criteria import Criterion
from reassay.register.detector_criterion import DetectorFalsePositives, DetectorRecall
from reassay.register.effort_criterion import RequiredEffort
from reassay.register.measurement import JudgeValidation, Provenance, SlicePolicy
from reassay.register.resources import DIMENSIONS, Resources, order_of

NOT_COMPARED: Final = "it cannot be compared, so a looser target cannot be ruled out"
_FLATTENED = (
    Elicitation,
    DetectorRecall,
    DetectorFalsePositives,
    RequiredEffort,
    JudgeValidation,
    SlicePolicy,
    Resources,
)
"""Parts of a criterion whose leaves have rules of their own."""
Ordering = Callable[[object, object], int | None]
"""-1, 0 or 1 as the second value is less, as much or more than the first; None where they cannot be compared."""


def _numbers(old: object, new: object) -> int | None:
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return None
    return (new > old) - (new < old)


def _ranks(old: object, new: object) -> int | None:
    ranks = get_args(Provenance)
    return _numbers(ranks.index(old), ranks.index(new)) if old in ranks and new in ranks else None


def _texts(old: object, new: object) -> int | None:
    return 0 if old == new else None


def _resource(name: str) -> Ordering:
    return lambda old, new: order_of(name, new, old)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a leaf is compared. A leaf that is absent on one side requires nothing there."""

    more: Direction
    """The direction of a larger value."""
    words: tuple[str, str]
    """The words of a larger and of a smaller value."""
    why: tuple[str, str]
    """The reasons of a larger and of a smaller value."""
    order: Ordering = _numbers


def _requires(what: str, order: Ordering = _numbers) -> _Rule:
    return _Rule(
        Direction.TIGHTER, ("raised", "lowered"), (f"more is required ({what})", f"less is required ({what})"), order
    )


def _allows(what: str, order: Ordering = _numbers) -> _Rule:
    return _Rule(
        Direction.LOOSER, ("raised", "lowered"), (f"more is allowed ({what})", f"less is allowed ({what})"), order
    )


_AT_MOST = _Rule(
    Direction.LOOSER, ("loosened", "tightened"), ("the threshold allows more", "the threshold allows less")
)
_AT_LEAST = _Rule(
    Direction.TIGHTER, ("tightened", "loosened"), ("the threshold requires more", "the threshold requires less")
)
_MARGIN = _Rule(Direction.TIGHTER, ("widened", "cut"), ("the safety margin is wider", "the safety margin is smaller"))
_RATE: Mapping[str, _Rule] = {
    "margin": _MARGIN,
    "unassessed_at_most": _allows("attempts that were not assessed"),
    "provenance": _requires("provenance", _ranks),
    "judge": _requires("validation of the judge"),
    "judge.at_least": _requires("items of the positive control"),
    "slices": _requires("slices"),
    "slices.each_at_most": _allows("in each slice"),
    "slices.floor": _requires("prompts of each slice"),
}
"""Leaves of everything that is counted."""
_RULES: Final[Mapping[str, _Rule]] = {
    "at_most": _AT_MOST,
    "at_least": _AT_LEAST,
    **_RATE,
    # Without it no result can meet a rate.
    "undesired": _requires("direction of what is undesired", _texts),
    "tries": _requires("attempts at a prompt of which none may succeed"),
    "recall": _requires("recall"),
    "false_positives": _requires("false positives"),
    "recall.at_least": _AT_LEAST,
    "false_positives.at_most": _AT_MOST,
    **{f"{part}.{name}": rule for part in ("recall", "false_positives") for name, rule in _RATE.items()},
    **{f"{part}.items_at_least": _requires("items") for part in ("recall", "false_positives")},
    "precision_at_least": _requires("precision"),
    "chance_at_most": _allows("chance of the attacker"),
    "attacker": _requires("resources of the attacker"),
    **{f"attacker.{name}": _requires(f"{name} of the attacker", _resource(name)) for name in DIMENSIONS},
    "effort": _requires("effort of the testers"),
    "effort.teams": _requires("teams"),
    "effort.hours_each": _requires("hours of each team"),
    "effort.independent": _requires("independence of the teams"),
    "effort.incentive": _requires("incentive", _texts),
    "effort.access": _requires("access of the testers", _resource("access")),
    "effort.expertise": _requires("expertise of the testers", _resource("expertise")),
    "elicitation": _requires("elicitation"),
    "elicitation.fine_tuned": _requires("fine-tuning"),
    "elicitation.scaffold": _requires("scaffold", _texts),
    "elicitation.best_of": _requires("attempts of which the best counts"),
    "elicitation.effort": _requires("hours of elicitation"),
}
"""Path of a leaf -> its rule. The path of a part stands for whether the part is there."""
_SETS: Final[Mapping[str, str]] = {
    "slices.required": "slice",
    "recall.slices.required": "slice",
    "false_positives.slices.required": "slice",
    "elicitation.tools": "tool",
}


def criterion_changes(before: Criterion, after: Criterion) -> Iterator[FieldChange]:
    """Changes of a criterion of one name, with the path of each leaf below it."""
    if before.kind != after.kind:
        yield looser("", "changed", before.kind, after.kind, "another kind of criterion cannot be compared")
        return
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in {**old, **new}:
        if old.get(path) != new.get(path):
            yield from _leaf(path, old.get(path), new.get(path), old)


def _leaves(value: BaseModel, under: str = "") -> Iterator[tuple[str, object]]:
    for name in type(value).model_fields:
        leaf, path = getattr(value, name), under + name
        if isinstance(leaf, _FLATTENED):
            yield path, True
            yield from _leaves(leaf, f"{path}.")
        else:
            yield path, leaf


def _leaf(path: str, old: object, new: object, before: Mapping[str, object]) -> Iterator[FieldChange]:
    rule = _RULES.get(path)
    if path in _SETS:
        yield from _members(path, old, new)
    elif isinstance(old, Duration) and isinstance(new, Duration):
        yield from duration_change(path, old, new, "it may take longer", "it may take less time")
    elif rule is None or _is_replaced(path, old, before):
        yield looser(path, "changed", plain(old), plain(new), NOT_COMPARED)
    elif old is None or new is None:
        yield _came_or_went(path, old, new, rule)
    else:
        yield _ordered(path, old, new, rule)


def _is_replaced(path: str, old: object, before: Mapping[str, object]) -> bool:
    """Whether a ceiling for each slice takes the place of a floor, which then is no longer asked for."""
    part = path.removesuffix("each_at_most")
    return part != path and old is None and before.get(f"{part}floor") is not None


def _came_or_went(path: str, old: object, new: object, rule: _Rule) -> FieldChange:
    if old is False or new is False:
        return neutral(path, plain(old), plain(new), "it is not required in either case")
    if old is None:
        return tighter(
            path, "added", None, plain(new), f"it was not required: {rule.why[rule.more is Direction.LOOSER]}"
        )
    return looser(path, "removed", plain(old), None, "it is no longer required")


def _ordered(path: str, old: object, new: object, rule: _Rule) -> FieldChange:
    order = rule.order(old, new)
    if order is None:
        return looser(path, "changed", plain(old), plain(new), NOT_COMPARED)
    if order == 0:
        return neutral(path, plain(old), plain(new), "the same in other words")
    is_less = order < 0
    way = looser if (rule.more is Direction.LOOSER) is not is_less else tighter
    return way(path, rule.words[is_less], plain(old), plain(new), rule.why[is_less])


def _members(path: str, old: object, new: object) -> Iterator[FieldChange]:
    then, now = (tuple(map(str, side)) if isinstance(side, tuple) else () for side in (old, new))
    what = _SETS[path]
    why = (f"one more {what} is required", f"a {what} is no longer required")
    changes = tuple(members(path, then, now, more=Direction.TIGHTER, why=why))
    yield from changes or (neutral(path, plain(old), plain(new), f"the same {what}s in other words"),)
