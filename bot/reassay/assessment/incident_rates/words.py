"""Words of an incident rate: every alarm is explained in one sentence of counts, with an interval of the rate beside it."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from reassay.assessment.incident_rates.promises import CountPromise
from reassay.assessment.incident_rates.watch import RateWatch
from reassay.common.calendar import Duration, day_words
from reassay.evidence.statistics.intervals import garwood
from reassay.register.frequencies import DAYS_PER_YEAR, Frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import DAY, exposure_between
from reassay.signals.rates.evidence import FULL_LEVEL
from reassay.signals.rates.promise import Crowded
from reassay.signals.rates.walk import RateAlarm
from reassay.signals.rates.watch_events import DecisionOutcome

_EFFECTS = {
    "changed": "was about a new version",
    "restated": "signed a higher ceiling",
    "unchanged": "looked at it and changed nothing",
}
Days = Mapping[date, float]
_WHOLE_FROM = 10


def rounded_words(number: float) -> str:
    """A number with two significant digits below 10, and whole above."""
    if number == round(number) or abs(number) >= _WHOLE_FROM:
        return f"{number:.0f}"
    return f"{number:.2g}"


def counted_words(number: float, spec: IncidentRateSpec) -> str:
    """`5 incidents`, or `940 from 'blocked-attempts'`."""
    if spec.count is not None:
        return f"{rounded_words(number)} from '{spec.count}'"
    noun = "incident" if set(spec.kinds) == {"incident"} else "report"
    return f"{rounded_words(number)} {noun}{'' if number == 1 else 's'}"


def ceiling_words(spec: IncidentRateSpec, watch: RateWatch) -> str:
    """The ceiling in force with who states it, and that a looser one is not signed yet."""
    now = watch.stretches[-1]
    in_force, written = now.in_force, spec.frequency
    words = in_force.words() if in_force else "nothing"
    if written is not None and now.signed is not None and in_force != written:
        not_yet = f"{written.words()} is written and no decision has signed it yet"
        return f"{words} as {watch.held_by}{_stated_by(spec)}; {not_yet}"
    if in_force is not None and written is None:
        return f"{words} as {watch.held_by}; no figure is written and no decision has signed that yet"
    return f"{words}{_stated_by(spec)}"


def _stated_by(spec: IncidentRateSpec) -> str:
    return f", stated by {spec.stated_by}" if spec.stated_by else ""


def counts_words(spec: IncidentRateSpec, watch: RateWatch, counts: RateAlarm, by: str) -> str:
    """`5 incidents since Sun 1 Feb 2026; 1 was accepted by now (6 per year, stated by safety-lead)`."""
    accepted = rounded_words(counts.accepted)
    since = day_words(counts.began + DAY, year=True)
    verb = "was" if accepted == "1" else "were"
    stated = ceiling_words(spec, watch)
    return f"{counted_words(counts.incidents, spec)} since {since}; {accepted} {verb} accepted by {by} ({stated})"


def alarm_words(spec: IncidentRateSpec, watch: RateWatch, alarm: RateAlarm, exposure: Days) -> str:
    """The sentence of counts that explains an alarm, with the number of causes that would not raise it."""
    by = day_words(alarm.on, year=True)
    causes = "" if spec.count else " causes"
    otherwise = f"If these {rounded_words(alarm.incidents)} were {alarm.needed - 1}{causes}, it would not"
    return f"{counts_words(spec, watch, alarm, by)}; {next_words(alarm)}. {otherwise}{interval_words(spec, alarm, exposure)}"


def change_words(
    spec: IncidentRateSpec, watch: RateWatch, alarm: RateAlarm, exposure: Days, run_length: Duration
) -> str:
    """The sentence that explains an alarm of the method for long intervals."""
    by = day_words(alarm.on, year=True)
    chance = f"this rule fires on a rise for which a false alarm comes once in {run_length.words()} or less often"
    return f"{counts_words(spec, watch, alarm, by)}; {chance}{interval_words(spec, alarm, exposure)}"


def next_words(counts: RateAlarm) -> str:
    """`5 is the number at which this rule fires`, of the next level."""
    depth = f" in full (evidence {counts.level:g})" if counts.level >= FULL_LEVEL else ""
    return f"{counts.needed} is the number at which this rule fires{depth}"


def window_words(spec: IncidentRateSpec, promise: CountPromise, number: float, end: str) -> str:
    """`2 incidents in the 30 days to today; more than 3 in 30 days is promised to start it`."""
    within = f"{counted_words(number, spec)} in the {promise.window.words()} to {end}"
    return f"{within}; the promise names more than {promise.words()}"


def crowded_words(spec: IncidentRateSpec, promise: CountPromise, crowded: Crowded) -> str:
    """The sentence of counts that explains why a promise's own count was exceeded."""
    within = window_words(spec, promise, crowded.incidents, day_words(crowded.on, year=True))
    causes = "" if spec.count else " causes"
    otherwise = (
        f"If these {rounded_words(crowded.incidents)} were {math.floor(crowded.most)}{causes}, it would not fire"
    )
    return f"{within}. {otherwise}"


def interval_words(spec: IncidentRateSpec, alarm: RateAlarm, exposure: Days) -> str:
    """The rate with its exact interval (Garwood 1936), as a sentence behind another one; empty without exposure."""
    stated = spec.frequency
    if stated is None or alarm.incidents != round(alarm.incidents):
        return ""
    amount, unit = _exposure_of(stated, alarm, exposure)
    if not amount > 0:
        return ""
    low, high = garwood(round(alarm.incidents))
    ends = f"{rounded_words(low / amount)} to {rounded_words(high / amount)}"
    return f". That is {rounded_words(round(alarm.incidents) / amount)} {unit} (95% interval of one look: {ends})"


def _exposure_of(stated: Frequency, alarm: RateAlarm, exposure: Days) -> tuple[float, str]:
    """The exposure of the watch up to an alarm, in the terms of its ceiling."""
    if stated.is_of_time:
        return (alarm.on - alarm.began).days / float(DAYS_PER_YEAR), "a year"
    return exposure_between(exposure, alarm.began, alarm.on) / float(stated.per), stated.words().partition(" ")[2]


def outcome_words(outcomes: Sequence[DecisionOutcome]) -> str:
    """What the last decision did to the watch, as a sentence behind another one; empty if there was none."""
    if not outcomes:
        return ""
    last = outcomes[-1]
    afresh = ", so the count began afresh" if last.starts_afresh else ""
    return (
        f". {last.decision.name} of {day_words(last.decision.day, year=True)} {_EFFECTS[last.decision.effect]}{afresh}"
    )


def gap_words(days: Sequence[date], source: str) -> str:
    """Half a sentence: a source gives no exposure for some days."""
    first = day_words(days[0], year=True)
    days_words = first if len(days) == 1 else f"{len(days)} days from {first} on"
    return f"the source '{source}' gives no exposure for {days_words}, so the rate is not known"
