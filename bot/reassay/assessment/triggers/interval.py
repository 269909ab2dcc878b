"""interval: due so long after the last decided re-assessment. Soft open before, hard due at; month ends clamp."""

from datetime import date, timedelta

from reassay.assessment.triggers.base import (
    Fired,
    LastAssessment,
    Pending,
    Result,
    Skipped,
    StatedTrigger,
    TriggerInput,
)
from reassay.common.calendar import Duration
from reassay.register.base import Depth
from reassay.register.trigger_specs import IntervalSpec

KIND = "interval"


def evaluate(spec: IntervalSpec, facts: TriggerInput) -> Result:
    """Fires from the soft opening on; the due date is fixed by the anchor, not by the day it is looked at."""
    if not isinstance(spec.every, Duration):
        return Skipped(KIND, "no interval is stated")
    about = "about " if spec.approximate else ""
    return regular(KIND, spec.every, facts, spec.depth, about)


def regular(kind: str, every: Duration, facts: TriggerInput, depth: Depth | None, about: str = "") -> Result:
    """The plain clock, shared by the kinds that are regular with exceptions."""
    if facts.last is None:
        return Skipped(kind, "it was never assessed, so no interval runs")
    last = facts.last_of(depth)
    if last is None:
        return Fired(kind, f"it was never assessed in full, and that is wanted every {every.words()}")
    due = every.after(last.on)
    reason = f"{about}{every.words()} since {last.words()}{in_full(last, facts)}"
    opens = opening(last.on, due, facts)
    return Fired(kind, reason, due) if facts.today >= opens else Pending(kind, reason, due, opens)


def in_full(last: LastAssessment, facts: TriggerInput) -> str:
    """Said where a lighter one was done since, so that nobody wonders why that does not count."""
    return "" if last == facts.last else ", the last in full"


def opening(start: date, due: date, facts: TriggerInput) -> date:
    """So long before it is due as configured; never earlier than half way, or a short one is open all the time."""
    half_way = start + timedelta(days=max(1, (due - start).days // 2))
    return max(facts.configuration.defaults.open_before.before(due), half_way)


TRIGGER = StatedTrigger(KIND, IntervalSpec, evaluate)
