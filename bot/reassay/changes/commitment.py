"""Changes of a commitment; text that cannot be compared counts as looser."""

from collections.abc import Iterator, Mapping

from reassay.changes.base import FieldChange, key_of, looser, plain, rest, tighter, uncompared
from reassay.changes.durations import duration_change
from reassay.changes.mitigation import SHARED, assessable_changes, condition_changes
from reassay.changes.terms import Terms
from reassay.changes.triggers import FOR_COMMITMENTS, trigger_changes
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.deadlines import Deadline

EFFECTLESS: Mapping[str, str] = {"title": "a name for lists; `statement` says what is promised"}
"""Field -> how it is known that its change has no effect."""
_HOURS: Mapping[str, int] = {"hours": 1, "days": 24, "weeks": 168}


def commitment_changes(before: Commitment, after: Commitment, terms: Terms) -> Iterator[FieldChange]:
    """Changes of a commitment."""
    yield from assessable_changes(before, after, terms)
    why = ("one more trigger", "a trigger was removed or changed")
    yield from trigger_changes("triggers", before.triggers, after.triggers, why, FOR_COMMITMENTS)
    if before.depth != after.depth:
        way = tighter if after.depth is Depth.FULL else looser
        yield way("depth", "changed", before.depth, after.depth, "the required depth")
    longer, shorter = "there is more time to respond", "there is less time to respond"
    yield from duration_change("within", before.within, after.within, longer, shorter)
    yield from _deadlines(before.deadlines, after.deadlines)
    yield from condition_changes(before, after)
    for name in ("statement", "subject", "must_complete", "in_force_from", "superseded_by", "outputs"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            why_changed = "the commitment's text cannot be compared, so it may be weaker"
            yield looser(name, "changed", plain(old), plain(new), why_changed)
    done = {*SHARED, "triggers", "depth", "within", "deadlines", "statement", "subject", "must_complete", "in_force_from",
            "superseded_by", "outputs", "invalidation_conditions"}  # fmt: skip
    yield from rest(before, after, done, EFFECTLESS)


def _deadlines(before: tuple[Deadline, ...], after: tuple[Deadline, ...]) -> Iterator[FieldChange]:
    """Changes of deadlines. One that ends earlier by the same units is tighter; any other one went, and another came."""
    then, now = {key_of(deadline) for deadline in before}, {key_of(deadline) for deadline in after}
    came = [deadline for deadline in after if key_of(deadline) not in then]
    went = [deadline for deadline in before if key_of(deadline) not in now]
    if len(came) == len(went) == 1 and _ends_earlier(went[0], came[0]):
        yield tighter("deadlines", "shortened", went[0].words(), came[0].words(), "it ends earlier")
        return
    for deadline in came:
        yield tighter("deadlines", "added", None, deadline.words(), "one more deadline")
    for deadline in went:
        yield uncompared(
            "deadlines", deadline.words(), None, "a deadline was removed, or changed so that it may end later"
        )


def _ends_earlier(before: Deadline, after: Deadline) -> bool:
    alone = {"count": 1, "unit": "hours"}
    if before.model_copy(update=alone) != after.model_copy(update=alone):
        return False
    if before.unit == after.unit:
        return after.count < before.count
    if before.calendar != "calendar" or before.unit not in _HOURS or after.unit not in _HOURS:
        return False
    return after.count * _HOURS[after.unit] < before.count * _HOURS[before.unit]
