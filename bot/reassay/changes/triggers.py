"""Changes of triggers and of the grounds for leaving one re-assessment out."""

from collections.abc import Iterator, Sequence
from typing import Final

from reassay.changes.base import Direction, FieldChange, key_of, looser, members, plain, tighter, uncompared
from reassay.changes.durations import duration_change
from reassay.common.calendar import Duration, never_longer
from reassay.register.trigger_base import BuiltInTriggerSpec, ClockSpec, DefaultTriggerSpec, TriggerSpec
from reassay.register.trigger_specs import AnyTrigger, Unless, flat_triggers

_SHORTER_IS_TIGHTER = frozenset({"every", "within"})
"""Durations of triggers that fire earlier, or give less time, if they are shorter.

Not `older_than` and `triage_within`: what was assessed after an earlier day counts as settled, so a trigger may stop.
"""
FOR_MITIGATIONS: Final = (DefaultTriggerSpec, BuiltInTriggerSpec)
"""Triggers of which the first one that a mitigation states takes the place of something; any other one only adds."""
FOR_COMMITMENTS: Final = (ClockSpec, BuiltInTriggerSpec)
"""The same for a commitment: it has no defaults, and before its first clock it is due at once."""


def trigger_changes(
    field: str,
    before: Sequence[AnyTrigger],
    after: Sequence[AnyTrigger],
    why: tuple[str, str],
    replacing: tuple[type[TriggerSpec], ...],
) -> Iterator[FieldChange]:
    """Changes of triggers. One of which only a duration became shorter is tighter; any other one went, and another came.

    `replacing`: models of which the first one of a kind takes the place of what holds without it.
    """
    then, now = {key_of(trigger) for trigger in before}, {key_of(trigger) for trigger in after}
    came = [trigger for trigger in after if key_of(trigger) not in then]
    went = [trigger for trigger in before if key_of(trigger) not in now]
    if len(came) == len(went) == 1 and (sharper := _only_shorter(went[0], came[0])):
        names = ", ".join(sharper)
        yield tighter(field, "shortened", plain(went[0]), plain(came[0]), f"only shorter: {names}")
        return
    stated = {trigger.kind for trigger in flat_triggers(before)}
    first = {trigger.kind for trigger in flat_triggers(came) if isinstance(trigger, replacing)} - stated
    if first:
        kinds = ", ".join(sorted(first))
        why_first = f"it takes the place of what holds without one: {kinds}"
        yield looser(field, "added", None, [plain(trigger) for trigger in came], why_first)
        came = []
    sides = [[plain(trigger) for trigger in side] for side in (went, came)]
    yield from members(field, *sides, more=Direction.TIGHTER, why=why)


def _only_shorter(before: AnyTrigger, after: AnyTrigger) -> list[str]:
    """Names of the durations that became shorter; none if anything else differs."""
    if type(before) is not type(after):
        return []
    names = [name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)]
    return names if all(_is_shorter(name, before, after) for name in names) else []


def _is_shorter(name: str, before: AnyTrigger, after: AnyTrigger) -> bool:
    old, new = getattr(before, name), getattr(after, name)
    is_compared = name in _SHORTER_IS_TIGHTER and isinstance(old, Duration) and isinstance(new, Duration)
    return is_compared and never_longer(new, old) and not new.is_same_time(old)


def ground_changes(field: str, before: Sequence[Unless], after: Sequence[Unless]) -> Iterator[FieldChange]:
    """Changes of the grounds on which a re-assessment may be left out, in all their parts."""
    old, new = {ground.id: ground for ground in before}, {ground.id: ground for ground in after}
    if len(old) < len(before) or len(new) < len(after):
        reasons = ("one more condition allows skipping it", "a condition was changed or removed")
        sides = [[plain(ground) for ground in grounds] for grounds in (before, after)]
        yield from members(field, *sides, more=Direction.LOOSER, why=reasons)
        return
    for name, ground in new.items():
        if name not in old:
            yield looser(field, "added", None, [plain(ground)], "one more condition allows skipping it")
            continue
        rewritten = ground.model_copy(update={"within": None}) != old[name].model_copy(update={"within": None})
        if rewritten:
            why = "the text of a condition that allows skipping it was rewritten, and text cannot be compared"
            yield uncompared(f"{field}.{name}", old[name], ground, why)
        yield from duration_change(
            f"{field}.{name}.within", old[name].within, ground.within, "it allows skipping for longer",
            "it allows skipping for a shorter time",
        )  # fmt: skip
    gone = [plain(ground) for name, ground in old.items() if name not in new]
    if gone:
        yield tighter(field, "removed", gone, None, "one condition less allows skipping it")
