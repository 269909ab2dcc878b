"""Changes that were agreed in advance, what they cover, and changes of the agreements themselves."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from reassay.changes.base import Direction, FieldChange, key_of, looser, tighter, uncompared
from reassay.register.agreements import read_agreed_change
from reassay.register.deployment import Deployment, PlannedChange


def agreed(before: Deployment, field: str, values: list[str], today: date) -> str | None:
    """The agreement that covers a change, in words; None if no valid one does."""
    return next(_agreed(before, field, values, today), None)


def _agreed(before: Deployment, field: str, values: list[str], today: date) -> Iterator[str]:
    for change in before.preauthorised_changes:
        stated = read_agreed_change(change.change)
        if stated and stated.covers(field, values) and today <= change.expires:
            yield f"pre-authorised until {change.expires}, under this protocol: {change.protocol}"
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and plan.not_before <= today:
            yield f"planned for {plan.not_before} or later, and declared in advance"


def too_early(before: Deployment, field: str, values: list[str], today: date) -> date | None:
    """The first date on which a planned change may be made, if it is in the future; else None."""
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and today < plan.not_before:
            return plan.not_before
    return None


def agreement_changes(before: Deployment, after: Deployment, today: date) -> Iterator[FieldChange]:
    """Changes of agreements, which cannot cover a change in the same pull request."""
    then, now = ({key_of(change) for change in side.preauthorised_changes} for side in (before, after))
    for change in after.preauthorised_changes:
        if key_of(change) not in then:
            why = "a later change would need no assessment"
            yield replace(looser("preauthorised_changes", "added", None, change.change, why), significant=False)
    gone = [change.change for change in before.preauthorised_changes if key_of(change) not in now]
    if gone:
        yield tighter("preauthorised_changes", "removed", gone, None, "an agreement ended")
    yield from _plans(before.planned, after.planned, today)


def _plans(before: tuple[PlannedChange, ...], after: tuple[PlannedChange, ...], today: date) -> Iterator[FieldChange]:
    """Changes of plans. A plan keeps a change back until its day, and from then on stands for its assessment."""
    then, now = {key_of(plan) for plan in before}, {key_of(plan) for plan in after}
    came = [plan for plan in after if key_of(plan) not in then]
    went = [plan for plan in before if key_of(plan) not in now]
    times = Counter(plan.change for plan in (*before, *after))
    old = {plan.change: plan.not_before for plan in went if times[plan.change] == _ONCE_EACH}
    moved = set()
    for plan in came:
        text, day = f"{plan.change} ({plan.not_before})", old.get(plan.change)
        if day is None:
            yield _declared(plan, text, today)
            continue
        moved.add(plan.change)
        if plan.not_before > day:
            yield tighter("planned", "later", str(day), text, "it is kept back for longer")
        else:
            why = "it may be made earlier than was planned"
            yield replace(looser("planned", "earlier", str(day), text, why), significant=False)
    dropped = [plan for plan in went if plan.change not in moved]
    for plan in dropped:
        if plan.not_before > today:
            why = f"nothing keeps it back until {plan.not_before} any more"
            yield uncompared("planned", [plan.change], None, why)
        else:
            yield tighter("planned", "removed", [plan.change], None, "its day has passed, and it permits nothing more")


def _declared(plan: PlannedChange, text: str, today: date) -> FieldChange:
    if plan.not_before > today:
        why, direction = "declared in advance; it is assessed before its date", Direction.NEUTRAL
    else:
        why, direction = "its day has come, so the change would need no assessment of its own", Direction.LOOSER
    return FieldChange("planned", "declared", None, text, direction, significant=False, why=why)


_ONCE_EACH = 2
"""A change that is planned once on both sides: only its day differs."""
