"""interval-unless: regularly, except while a waiver holds that is true and signed and unexpired."""

from datetime import date, timedelta

from reassay.assessment.triggers.base import Fired, Pending, Result, StatedTrigger, TriggerInput, Waiver
from reassay.assessment.triggers.interval import regular
from reassay.register.trigger_specs import IntervalUnlessSpec

KIND = "interval-unless"


def evaluate(spec: IntervalUnlessSpec, facts: TriggerInput) -> Result:
    """As the plain interval; a waiver postpones it to the day after it ends. A ground nobody signed for is none."""
    result = regular(KIND, spec.every, facts, spec.depth)
    grounds = {each.id for each in spec.unless}
    signed = [each for each in facts.waivers if each.condition in grounds and _holds(each, facts.today)]
    if isinstance(result, Fired):
        if not signed:
            return Fired(KIND, f"{result.reason}, and nobody has signed that {_grounds(spec)} holds", result.due)
        longest = max(signed, key=lambda each: each.until)
        opens = longest.until + timedelta(days=1)
        return Pending(KIND, f"waived until {longest.until}: '{longest.condition}' holds", opens, opens)
    return result


def _holds(waiver: Waiver, today: date) -> bool:
    return bool(waiver.signed_by) and waiver.until >= today


def _grounds(spec: IntervalUnlessSpec) -> str:
    return " or ".join(f"'{each.id}'" for each in spec.unless)


TRIGGER = StatedTrigger(KIND, IntervalUnlessSpec, evaluate)
