"""interval-range: opens after the shorter and is due after the longer of two intervals, for example 3 to 6 months."""

from reassay.assessment.triggers.base import NOTHING, Fired, Pending, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.interval import in_full
from reassay.register.trigger_specs import IntervalRangeSpec

KIND = "interval-range"


def evaluate(spec: IntervalRangeSpec, facts: TriggerInput) -> Result:
    """The result of the range; both ends count from the last assessment."""
    if facts.last is None:
        return Skipped(KIND, "it was never assessed, so no interval runs")
    span = f"{spec.at_least_after.words()} to {spec.every.words()}"
    last = facts.last_of(spec.depth)
    if last is None:
        return Fired(KIND, f"it was never assessed in full, and that is wanted every {span}")
    opens, due = spec.at_least_after.after(last.on), spec.every.after(last.on)
    reason = f"{span} since {last.words()}{in_full(last, facts)}"
    return Fired(KIND, reason, due) if facts.today >= opens else Pending(KIND, reason, due, opens)


TRIGGER = StatedTrigger(KIND, IntervalRangeSpec, evaluate, NOTHING)
