"""interval: due a fixed time after the last assessment, and open some time before. Month ends clamp."""

from datetime import date, timedelta

from reassay.assessment.triggers.base import (
    Blind,
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
    """The result of a plain interval."""
    if not isinstance(spec.every, Duration):
        return Blind(KIND, "an interval without a figure is promised, so nobody can say when it is due")
    about = "about " if spec.approximate else ""
    return regular(KIND, spec.every, facts, spec.depth, about)


def regular(kind: str, every: Duration, facts: TriggerInput, depth: Depth | None, about: str = "") -> Result:
    """The result of an interval for any kind of trigger: fired from the opening day on, due `every` after the last one."""
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
    """The addition to a reason if a lighter assessment was done since; empty if not."""
    return "" if last == facts.last else ", the last in full"


def opening(start: date, due: date, facts: TriggerInput) -> date:
    """The opening day: `open_before` before the due date, but not earlier than halfway through the interval."""
    half_way = start + timedelta(days=max(1, (due - start).days // 2))
    return max(facts.configuration.defaults.open_before.before(due), half_way)


TRIGGER = StatedTrigger(KIND, IntervalSpec, evaluate)
