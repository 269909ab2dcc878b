"""interval-unless: an interval that a signed and unexpired waiver postpones."""

from datetime import date, timedelta

from reassay.assessment.triggers.base import NOTHING, Fired, Pending, Result, StatedTrigger, TriggerInput, Waiver
from reassay.assessment.triggers.interval import regular
from reassay.register.trigger_specs import IntervalUnlessSpec

KIND = "interval-unless"


def evaluate(spec: IntervalUnlessSpec, facts: TriggerInput) -> Result:
    """The result of the interval, postponed to the day after the last valid waiver. Unsigned waivers do not count."""
    result = regular(KIND, spec.every, facts, spec.depth)
    grounds = {condition.id for condition in spec.unless}
    signed = [waiver for waiver in facts.waivers if waiver.condition in grounds and _is_valid(waiver, facts.today)]
    if isinstance(result, Fired):
        if not signed:
            return Fired(KIND, f"{result.reason}, and nobody has signed that {_conditions(spec)} holds", result.due)
        longest = max(signed, key=lambda waiver: waiver.until)
        opens = longest.until + timedelta(days=1)
        return Pending(KIND, f"waived until {longest.until}: '{longest.condition}' holds", opens, opens)
    return result


def _is_valid(waiver: Waiver, today: date) -> bool:
    return bool(waiver.signed_by) and waiver.until >= today


def _conditions(spec: IntervalUnlessSpec) -> str:
    return " or ".join(f"'{condition.id}'" for condition in spec.unless)


TRIGGER = StatedTrigger(KIND, IntervalUnlessSpec, evaluate, NOTHING)
