"""The watch of an incident-rate trigger over a cell: its beginning, and the stretches between decisions with what they count."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from reassay.assessment.incident_rates.figures import lowest, signed_frequency, stated_figures, watch_key
from reassay.assessment.incident_rates.incidents import incidents_of_cell, is_baseline, seen_on
from reassay.assessment.incident_rates.past_decisions import EarlierDecision, open_figures, past_decisions
from reassay.assessment.incident_rates.source_days import SourceDays
from reassay.assessment.triggers.base import TriggerInput
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.frequencies import Frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import DAY, CalendarCeiling, Ceiling, ExposureCeiling, LowerCeiling
from reassay.signals.rates.evidence import FIRST_LEVEL
from reassay.signals.rates.watch_events import CountedIncident, Effect, Stretch, WatchDecision


@dataclass(frozen=True, slots=True)
class WatchedStretch:
    """The time up to a decision, or since the last one, with the ceilings that were signed and written then."""

    incidents: tuple[CountedIncident, ...]
    signed: Frequency | None
    """What the decision at its beginning signed; None if it signed nothing."""
    written: Frequency | None
    """What the decision at its end signed, or what is written now; None if that has no figure."""
    ends_with: WatchDecision | None

    @property
    def in_force(self) -> Frequency | None:
        """The ceiling in force: a looser one that nobody has signed does not count."""
        if self.signed is None or self.written is None or self.signed.basis != self.written.basis:
            return self.signed or self.written
        return min(self.signed, self.written, key=lambda frequency: frequency.rate)


@dataclass(frozen=True, slots=True)
class RateWatch:
    """A watch over a cell."""

    began: date
    """The last day before it."""
    stretches: tuple[WatchedStretch, ...]
    """The last one is that since the last decision."""
    held_by: str = ""
    """What keeps the ceiling in force that was there before the one that is written now; empty if there is none."""

    @property
    def last_decided(self) -> date:
        """The day of the last decision, or the last day before the watch."""
        decided = [stretch.ends_with.day for stretch in self.stretches if stretch.ends_with]
        return max([self.began, *decided])

    def with_ceilings(self, exposure: Mapping[date, float]) -> tuple[Stretch, ...]:
        """The stretches as the walk goes through them."""
        return tuple(
            Stretch(stretch.incidents, _ceiling(stretch, exposure), stretch.ends_with) for stretch in self.stretches
        )


def rate_watch(spec: IncidentRateSpec, facts: TriggerInput, counts: SourceDays | None = None) -> RateWatch | None:
    """The watch of a trigger; None if nobody knows from when on incidents count. `counts` are the days of its count's source."""
    decisions = past_decisions(facts)
    began = _began(spec, facts, decisions)
    if began is None:
        return None
    if counts is not None and counts.began is not None:
        began = max(began, counts.began - DAY)
    in_watch = [place for place, decision in enumerate(decisions) if decision.day > began]
    first = in_watch[0] if in_watch else len(decisions)
    walked = decisions[first:]
    before = decisions[first - 1] if first else None
    incidents = _of_source(counts, began, walked) if counts else _of_register(spec, facts, began, before, walked)
    stretches = _stretches(spec, facts, before, walked, incidents)
    held_by = f"{decisions[-1].name} signed it" if decisions else ""
    return _with_open_figures(RateWatch(began, stretches, held_by), spec, facts)


def _with_open_figures(watch: RateWatch, spec: IncidentRateSpec, facts: TriggerInput) -> RateWatch:
    """The watch with the lower ceiling for which a re-assessment is open, if that is not written any more."""
    opened = open_figures(watch_key(spec), facts)
    stated = stated_figures(facts.subject, facts.register).get(watch_key(spec), ())
    went = lowest(figure for figure in opened.figures if figure not in stated)
    now = watch.stretches[-1]
    if went is None or (now.in_force and (went.basis != now.in_force.basis or went.rate >= now.in_force.rate)):
        return watch
    return replace(
        watch,
        stretches=(*watch.stretches[:-1], replace(now, signed=went)),
        held_by=f"it was when {opened.reassessment} was opened",
    )


def _began(spec: IncidentRateSpec, facts: TriggerInput, decisions: Sequence[EarlierDecision]) -> date | None:
    """The last day before the watch: what is written, or what held before it if that is earlier and no decision was since."""
    written = _written_beginning(spec, facts, decisions)
    key = watch_key(spec)
    held = [day - DAY for day in (open_figures(key, facts).first_day,) if day is not None]
    if decisions and decisions[-1].figures(key) is not None:
        signed = decisions[-1].first_days(key)
        if spec.since is None or spec.since not in signed:
            held.append(min(signed) - DAY if signed else decisions[0].day)
    return min(held if written is None else [written, *held], default=None)


def _written_beginning(
    spec: IncidentRateSpec, facts: TriggerInput, decisions: Sequence[EarlierDecision]
) -> date | None:
    if spec.since is not None:
        return spec.since - DAY
    if decisions:
        return decisions[0].day
    if spec.form == "promise":
        return date.min
    subject = facts.subject
    return subject.in_force_from - DAY if isinstance(subject, Commitment) and subject.in_force_from else None


Placed = tuple[int, CountedIncident]
"""The number of decisions of the watch before an incident, and the incident."""


def _of_register(
    spec: IncidentRateSpec,
    facts: TriggerInput,
    began: date,
    before: EarlierDecision | None,
    walked: Sequence[EarlierDecision],
) -> list[Placed]:
    """Incidents that count. Those seen before the watch began, and those of a bulk import, are its baseline."""
    in_utc = spec.exposure is not None
    placed: list[Placed] = []
    for incident in incidents_of_cell(spec, facts):
        day = seen_on(incident, facts, in_utc=in_utc)
        is_after = before is not None and before.day == began and not before.covers(incident, day)
        if is_baseline(incident, facts) or day < began or (day == began and not is_after):
            continue
        after = max((number for number, past in enumerate(walked, 1) if not past.covers(incident, day)), default=0)
        placed.append((after, CountedIncident(day, incident.root_cause or incident.id)))
    return placed


def _of_source(counts: SourceDays, began: date, walked: Sequence[EarlierDecision]) -> list[Placed]:
    """Counts of a source. A decision knows those of the days before it."""
    return [
        (sum(past.day <= day for past in walked), CountedIncident(day, day.isoformat(), number))
        for day, number in counts.days.items()
        if day > began and number > 0
    ]


def _stretches(
    spec: IncidentRateSpec,
    facts: TriggerInput,
    before: EarlierDecision | None,
    walked: Sequence[EarlierDecision],
    incidents: Sequence[Placed],
) -> tuple[WatchedStretch, ...]:
    key = watch_key(spec)
    stated = stated_figures(facts.subject, facts.register).get(key, ())
    ends: list[EarlierDecision | None] = [before, *walked, None]
    signed: list[Frequency | None] = []
    for past in ends:
        figures = past.figures(key) if past else None
        signed.append(signed_frequency(spec, figures, stated) if figures else None)
    written = [*signed[:-1], spec.frequency]
    # Where a decision signed nothing, what was signed next, or is written now, says what held before it.
    for place in range(len(written) - 2, -1, -1):
        written[place] = written[place] or written[place + 1]
    stretches = []
    for number, (start, end) in enumerate(pairwise(range(len(ends)))):
        past = ends[end]
        decision = _watch_decision(past, ends[start], (signed[start], signed[end]), spec, key) if past else None
        own = tuple(incident for after, incident in incidents if after == number)
        stretches.append(WatchedStretch(own, signed[start], written[end], decision))
    return tuple(stretches)


def _watch_decision(
    past: EarlierDecision,
    former: EarlierDecision | None,
    signed: tuple[Frequency | None, Frequency | None],
    spec: IncidentRateSpec,
    key: str,
) -> WatchDecision:
    before, after = signed
    effect: Effect = "unchanged"
    if former and former.version is not None and past.version is not None and past.version > former.version:
        effect = "changed"
    elif before and after and before.basis == after.basis and after.rate > before.rate:
        effect = "restated"
    settles = math.inf
    if past.figures(key) is None or (past.depth is Depth.LIGHT and spec.depth is Depth.FULL):
        settles = 0.0
    elif past.depth is Depth.LIGHT:
        settles = FIRST_LEVEL
    return WatchDecision(past.day, past.name, effect, settles)


def _ceiling(stretch: WatchedStretch, exposure: Mapping[date, float]) -> Ceiling:
    signed, written = stretch.signed, stretch.written
    if signed is not None and written is not None and signed.basis != written.basis:
        return LowerCeiling(_of(signed, exposure), _of(written, exposure))
    in_force = stretch.in_force
    return _of(in_force, exposure) if in_force else CalendarCeiling(0.0)


def _of(frequency: Frequency, exposure: Mapping[date, float]) -> Ceiling:
    return CalendarCeiling(frequency.rate) if frequency.is_of_time else ExposureCeiling(frequency.rate, exposure)
