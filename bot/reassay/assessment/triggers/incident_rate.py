"""incident-rate: fires on more incidents than promised within a window, or more often than a stated ceiling accepts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from reassay.assessment.incident_rates.figures import watch_key
from reassay.assessment.incident_rates.past_decisions import SEPARATOR, SINCE
from reassay.assessment.incident_rates.promises import CountPromise, count_in, crowded_window, promises_in_force
from reassay.assessment.incident_rates.replaced import replaced_specs
from reassay.assessment.incident_rates.source_days import source_days
from reassay.assessment.incident_rates.watch import RateWatch, rate_watch
from reassay.assessment.incident_rates.words import (
    alarm_words,
    change_words,
    counts_words,
    crowded_words,
    gap_words,
    next_words,
    outcome_words,
    window_words,
)
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.common.calendar import Duration, day_words
from reassay.register.base import Depth
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import DAY, unexposed_days
from reassay.signals.rates.change_walk import change_walk
from reassay.signals.rates.evidence import FULL_LEVEL
from reassay.signals.rates.walk import RateAlarm, walk
from reassay.signals.rates.watch_events import Stretch

KIND: Final = "incident-rate"
NOT_COUNTED_YET: Final = timedelta(days=2)
"""Today and yesterday may not have been counted completely."""
Days = Mapping[date, float]


@dataclass(frozen=True, slots=True)
class _Watched:
    """A watch with the exposure that its rate is per."""

    spec: IncidentRateSpec
    facts: TriggerInput
    watch: RateWatch
    exposure: Days

    def gaps(self, after: date, until: date) -> Sequence[date]:
        """The days of which no exposure is known, or of 0, where the rate is per exposure."""
        if self.spec.exposure is None:
            return ()
        return unexposed_days(self.exposure, after, min(until, self.facts.today - NOT_COUNTED_YET))

    def about(self, *parts: str) -> str:
        """What the trigger is about, for the records: a level that was settled settles no other."""
        return SEPARATOR.join((watch_key(self.spec), *parts))

    @property
    def ceiling(self) -> str:
        """The ceiling in force, as records have it."""
        return str(self.watch.stretches[-1].in_force or self.spec.figure)


def evaluate(spec: IncidentRateSpec, facts: TriggerInput) -> Result:
    """The result of a promise, a ceiling or a change. Without its sources it is blind, never a rate of 0."""
    if "unspecified" in {spec.accepted, spec.more_than, spec.window}:
        note = f" ({spec.in_words})" if spec.in_words else ""
        held = _in_force(spec, facts)
        # A figure that was deleted stays in force until a decision signs that there is none.
        none = f"no figure is stated for it{note}: ask for it by hand when it happens"
        return held if isinstance(held, Fired) else Blind(KIND, none)
    return _in_force(spec, facts)


def _in_force(spec: IncidentRateSpec, facts: TriggerInput) -> Result:
    own = _evaluated(spec, facts)
    if isinstance(own, Fired):
        return own
    return _of_replaced(spec, facts) or own


def _of_replaced(spec: IncidentRateSpec, facts: TriggerInput) -> Result | None:
    """The result of what the trigger took the place of and no decision has let go: if it fired, or nobody can say."""
    results = [_evaluated(former, facts) for former in replaced_specs(spec, facts)]
    for kind in (Fired, Blind):
        for result in results:
            if isinstance(result, kind):
                return replace(result, reason=f"{result.reason}. What is written now is not signed yet")
    return None


def _evaluated(spec: IncidentRateSpec, facts: TriggerInput) -> Result:
    counts = source_days(spec.count, "count", facts) if spec.count else None
    exposure = source_days(spec.exposure, "exposure", facts) if spec.exposure else None
    for source in (counts, exposure):
        if source is not None and source.blind:
            return Blind(KIND, f"{source.blind}, so the rate is not known")
    watch = rate_watch(spec, facts, counts)
    if watch is None:
        return Blind(KIND, "it was never assessed, so nobody knows from when on incidents count: write 'since'")
    if watch.began >= facts.today:
        return Skipped(KIND, f"incidents count from {day_words(watch.began + DAY, year=True)} on")
    watched = _Watched(spec, facts, watch, exposure.days if exposure else {})
    if spec.form == "promise":
        return _promise(watched)
    if watch.stretches[-1].in_force is None:
        return Blind(KIND, "no figure is stated for it")
    return _change(watched, spec.run_length) if spec.run_length else _ceiling(watched)


def _ceiling(watched: _Watched) -> Result:
    spec, watch, today = watched.spec, watched.watch, watched.facts.today
    stretches = watch.with_ceilings(watched.exposure)
    state = walk(stretches, watch.began, today)
    alarm, gaps = state.alarm, watched.gaps(watch.last_decided, today)
    if alarm is not None and gaps and gaps[0] <= alarm.on:
        # What was reached before the gap stays reached, whatever came in it.
        alarm = walk(_seen_before(gaps[0], stretches), watch.began, gaps[0] - DAY).alarm
    if alarm is not None:
        about = watched.about(watched.ceiling, f"level {alarm.level:g}", f"{SINCE}{alarm.began + DAY}")
        words = f"{alarm_words(spec, watch, alarm, watched.exposure)}{outcome_words(state.outcomes)}"
        return Fired(KIND, words, about=about, depth=Depth.FULL if alarm.level >= FULL_LEVEL else Depth.LIGHT)
    if gaps:
        return Blind(KIND, gap_words(gaps, spec.exposure or ""))
    now = RateAlarm(state.next_level, today, state.began, state.incidents, state.accepted)
    return Skipped(KIND, f"{counts_words(spec, watch, now, 'now')}; {next_words(now)}{outcome_words(state.outcomes)}")


def _seen_before(day: date, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """The stretches with what was seen before a day of the last one."""
    *earlier, last = stretches
    return (*earlier, replace(last, incidents=tuple(own for own in last.incidents if own.day < day)))


def _change(watched: _Watched, run_length: Duration) -> Result:
    spec, watch, today = watched.spec, watched.watch, watched.facts.today
    days = (run_length.after(watch.began) - watch.began).days
    state = change_walk(watch.with_ceilings(watched.exposure), watch.began, today, days)
    gaps = watched.gaps(watch.last_decided, today)
    alarm = next((own for own in reversed(state.alarms) if not (gaps and gaps[0] <= own.on)), None)
    if alarm is not None:
        about = watched.about(watched.ceiling, f"level {alarm.level:g}", f"{SINCE}{alarm.began + DAY}")
        words = change_words(spec, watch, alarm, watched.exposure, run_length)
        return Fired(KIND, f"{words}{outcome_words(state.outcomes)}", about=about)
    if gaps:
        return Blind(KIND, gap_words(gaps, spec.exposure or ""))
    now = RateAlarm(float(days), today, state.began, state.incidents, state.accepted)
    words = f"{counts_words(spec, watch, now, 'now')}; the evidence of a rise is {state.evidence:.0f} of {days}"
    return Skipped(KIND, f"{words}{outcome_words(state.outcomes)}")


def _promise(watched: _Watched) -> Result:
    promises = promises_in_force(watched.spec, watched.facts)
    results = [_promised(promise, watched) for promise in promises]
    # What was signed comes first; each fires on its own, and a blind one hides no other.
    for kind in (Fired, Blind, Skipped):
        for result in results:
            if isinstance(result, kind):
                return result
    return Blind(KIND, "no figure is stated for it")


def _promised(promise: CountPromise, watched: _Watched) -> Result:
    spec, today = watched.spec, watched.facts.today
    crowded = crowded_window(promise, watched.watch, watched.exposure)
    end = crowded.on if crowded else today
    gaps = watched.gaps(promise.window.before(end), end)
    if gaps:
        return Blind(KIND, gap_words(gaps, spec.exposure or ""))
    if crowded is None:
        number = count_in(promise, watched.watch, today)
        is_settled = number > promise.most_until(today, watched.exposure)
        settled = ", and the last decision knew all of them" if is_settled else ""
        return Skipped(KIND, f"{window_words(spec, promise, number, 'today')}{settled}")
    return Fired(
        KIND, crowded_words(spec, promise, crowded), about=watched.about(promise.figure, f"until {crowded.on}")
    )


TRIGGER = StatedTrigger(KIND, IncidentRateSpec, evaluate, frozenset({"incident"}))
