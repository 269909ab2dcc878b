"""interval: due a fixed time after the last assessment, and open some time before. Month ends clamp."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.triggers.base import (
    NOTHING,
    Blind,
    Fired,
    LastAssessment,
    Pending,
    Result,
    Skipped,
    StatedTrigger,
    TriggerInput,
)
from reassay.common.calendar import ABOUT, Duration
from reassay.register.base import Depth
from reassay.register.schedules import Schedule
from reassay.register.trigger_specs import IntervalSpec

KIND = "interval"


def evaluate(spec: IntervalSpec, facts: TriggerInput) -> Result:
    """The result of a plain interval."""
    if isinstance(spec.every, Schedule):
        return _scheduled(spec.every, spec, facts)
    if not isinstance(spec.every, Duration):
        return Blind(KIND, "an interval without a figure is promised, so nobody can say when it is due")
    about = ABOUT if spec.approximate and not spec.every.is_about else ""
    return regular(KIND, spec.every, facts, spec.depth, about)


def _scheduled(schedule: Schedule, spec: IntervalSpec, facts: TriggerInput) -> Result:
    """The result of an interval in a fixed sequence, or with dates that avoid days off."""
    if facts.last is None:
        return Skipped(KIND, "it was never assessed, so no interval runs")
    last = facts.last_of(spec.depth)
    if last is None:
        return Fired(KIND, f"it was never assessed in full, and that is wanted every {schedule.words()}")
    start, due = schedule_dates(schedule, spec.depth, last, facts)
    about = ABOUT if spec.approximate and not schedule.interval.is_about else ""
    since = f"every {about}{schedule.words()}" if schedule.starting else f"{about}{schedule.words()}"
    reason = f"{since} since {last.words()}{in_full(last, facts)}"
    if schedule.starting:
        reason = f"{since}; the last was {last.words()}{in_full(last, facts)}"
    opens = opening(start, due, facts)
    return Fired(KIND, reason, due) if facts.today >= opens else Pending(KIND, reason, due, opens)


def schedule_dates(
    schedule: Schedule, depth: Depth | None, last: LastAssessment, facts: TriggerInput
) -> tuple[date, date]:
    """The beginning of the period that runs, and the day on which it is due."""
    working = facts.configuration.working_days
    if schedule.starting is None:
        return last.on, schedule.rolled(schedule.interval.after(last.on), working)
    decided = tuple(sorted({last.on, *_decided(depth, facts)}))
    first_opens = facts.configuration.defaults.open_before.before(schedule.date_of(0, working))
    number = schedule.next_number(decided, working, first_opens)
    start = schedule.date_of(number - 1, working) if number else last.on
    return max(start, last.on), schedule.date_of(number, working)


def _decided(depth: Depth | None, facts: TriggerInput) -> Iterator[date]:
    """The days of all decisions about the cell that were at least this deep."""
    for reassessment in facts.register_index.history_index.of_subject(facts.subject.id):
        decided = reassessment.decided
        deep = depth is not Depth.FULL or reassessment.depth is Depth.FULL
        if (
            decided
            and deep
            and reassessment.counts
            and decided.decision != "inconclusive"
            and facts.cell in decided.cells
        ):
            yield decided.decided_on


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


TRIGGER = StatedTrigger(KIND, IntervalSpec, evaluate, NOTHING)
