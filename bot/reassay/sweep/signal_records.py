"""Records of what sources say: new and changed signals, and the state of a source where it changed.

Decided from readings and the ledger alone: the same reading again gives no record. A source that no longer lists an item takes
nothing back, and a feed closes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from reassay.common.canonical import canonical, digest
from reassay.common.inert import plain
from reassay.common.sentences import count_words, shortened
from reassay.ledger.entry import Record
from reassay.ledger.signals import DayCount, ReceivedSignal, SignalsReceived, SourceRead, SourceState
from reassay.register.incident import Severity
from reassay.register.register import Register
from reassay.register.signal_sources import SourceSpec
from reassay.signals.new_signals import resolve
from reassay.signals.recorded import RecordedSignal, RecordedSource, recorded_signals, recorded_sources
from reassay.signals.source_health import later
from reassay.signals.source_readings import SourceReading
from reassay.signals.source_settings import settings_digest
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.signal_sources import SourceOutcome

CHUNK: Final = 500
"""Signals of one record."""
MOST_COUNTS: Final = 1000
"""Counts of one record."""
LONGEST_WHY: Final = 300
RECENT: Final = timedelta(days=7)
"""How long ago something may have been seen first to be no import."""
SIGN_OF_LIFE: Final = timedelta(days=1)
"""How far the newest item of a source moves before that alone is recorded; less for sources that must speak more often."""


@dataclass(frozen=True, slots=True)
class SourceRecords:
    """The records of one source, with the objects that they name and what a person is told."""

    bodies: tuple[SignalsReceived | SourceRead, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    note: str = ""
    """What set only the baseline, and which days were taken back to the calmer side; empty if nothing was."""
    problems: tuple[str, ...] = ()
    """What was not understood."""

    @property
    def signals(self) -> tuple[ReceivedSignal, ...]:
        """New and changed signals."""
        return tuple(signal for body in self.bodies if isinstance(body, SignalsReceived) for signal in body.signals)


def add_signal_records(draft: LedgerDraft, outcomes: Sequence[SourceOutcome]) -> tuple[SourceRecords, ...]:
    """Adds the records of all sources; returns those of each that has some."""
    added = []
    for outcome in outcomes:
        facts = draft.assessment_input
        own = source_records(
            outcome, recorded_sources(facts.history), recorded_signals(facts.history), facts.register, facts.now
        )
        draft.add([Record(body=body) for body in own.bodies], own.objects)
        added.append(own)
    return tuple(added)


def source_records(
    outcome: SourceOutcome,
    sources: Mapping[str, RecordedSource],
    signals: Mapping[str, RecordedSignal],
    register: Register,
    now: datetime,
) -> SourceRecords:
    """The records of one source."""
    spec, before = outcome.spec, sources.get(outcome.spec.id)
    if before is not None and before.settings != settings_digest(spec):
        before = None
    if outcome.reading is None:
        return _unread(outcome, before)
    reading, kept_days = _without_calmer_days(spec, outcome.reading, before)
    resolved = resolve(reading.signals, spec, signals, register, now)
    news = [signal for signal in resolved.signals if signal.id not in signals]
    changed = [signal for signal in resolved.signals if signal.id in signals and _differs(signal, signals[signal.id])]
    is_first = not outcome.is_pushed and _was_never_read(before, signals)
    is_bulk = len(news) > register.configuration.signals.baseline
    heard = _heard_until(spec, sources, signals) if is_first and not is_bulk else None
    old = [
        signal
        for signal in news
        if (is_first and (heard is None or signal.first_seen_at <= heard))
        or (is_bulk and not is_first and not _happens_now(signal, now, outcome))
    ]
    of_before = {signal.id for signal in old}
    bodies: list[SignalsReceived | SourceRead] = [
        *_received(spec.id, old, baseline=True),
        *_received(spec.id, [signal for signal in news if signal.id not in of_before], baseline=False),
        *_received(spec.id, changed, baseline=False),
    ]
    problems = (*reading.problems, *resolved.problems)
    position = canonical(reading.position) if reading.position is not None else None
    kept = {digest(position): position} if position is not None else {}
    bodies += _read(spec, replace(reading, problems=problems), before, next(iter(kept), None), now)
    named = {name for body in bodies for name in _named(body)}
    return SourceRecords(
        tuple(bodies),
        {name: data for name, data in {**resolved.objects, **kept}.items() if name in named},
        " ".join(filter(None, [_baseline_note(spec.id, len(old), is_first=is_first) if old else "", kept_days])),
        problems,
    )


def _happens_now(signal: ReceivedSignal, now: datetime, outcome: SourceOutcome) -> bool:
    """Whether a signal counts although many came at once: a storm of alerts is not an import, and may hide something critical."""
    return signal.first_seen_at >= now - RECENT and (outcome.is_pushed or signal.severity is Severity.CRITICAL)


def _was_never_read(before: RecordedSource | None, signals: Mapping[str, RecordedSignal]) -> bool:
    """Whether nothing was ever taken from a source with its present settings, so that all it has may be old."""
    if before is None:
        return True
    taken = (own for own in signals.values() if own.source == before.source and own.received_at >= before.began_at)
    return before.read_at is None and not any(taken)


def _heard_until(
    spec: SourceSpec, sources: Mapping[str, RecordedSource], signals: Mapping[str, RecordedSignal]
) -> datetime | None:
    """Until when something was heard of a source that has other settings now, or another id; None if it is a new one.

    What was seen first after that is news: an edit of the configuration makes no baseline of it.
    """
    settings = settings_digest(spec)
    former = {own.source: own for own in sources.values() if spec.id == own.source or settings == own.settings}
    times = [own.read_at for own in former.values() if own.read_at is not None]
    times += [own.received_at for own in signals.values() if times and own.source in former]
    return max(times, default=None)


def _unread(outcome: SourceOutcome, before: RecordedSource | None) -> SourceRecords:
    """The record that a source could not be read, where it could be before or nothing was recorded of it."""
    if not outcome.why:
        return SourceRecords()
    # Where another program reads it, what that one recorded stays.
    if before is not None and (outcome.is_elsewhere or before.state == "failed"):
        return SourceRecords()
    state: SourceState = "not-read-here" if outcome.is_elsewhere else "failed"
    settings = settings_digest(outcome.spec)
    why = _sentence((outcome.why,))
    return SourceRecords((SourceRead(source=outcome.spec.id, settings=settings, state=state, why=why),))


def _read(
    spec: SourceSpec,
    reading: SourceReading,
    before: RecordedSource | None,
    position: str | None,
    now: datetime,
) -> Iterator[SourceRead]:
    """The state of a source after a reading, where it or its counts differ from what is recorded."""
    why = _sentence(reading.problems)
    state: SourceState = "failed" if why else "read"
    newest = min(reading.newest, now) if reading.newest else None
    counts = _new_counts(reading.counts, before.counts if before else {}, now.date())
    is_same = before is not None and before.state == state and position in {None, before.position}
    if is_same and not counts and not _is_news(newest, before, spec):
        return
    for start in range(0, max(1, len(counts)), MOST_COUNTS):
        yield SourceRead(
            source=spec.id,
            settings=settings_digest(spec),
            state=state,
            why=why,
            newest=newest,
            counts=counts[start : start + MOST_COUNTS],
            position=position,
        )


def _is_news(newest: datetime | None, before: RecordedSource | None, spec: SourceSpec) -> bool:
    """Whether the newest item moved so far that silence would otherwise be seen too early."""
    if newest is None or before is None or before.newest is None:
        return newest is not None
    step = SIGN_OF_LIFE
    if spec.silent_after is not None:
        step = min(step, (later(before.newest, spec.silent_after) - before.newest) / 4)
    return newest >= before.newest + step


def _without_calmer_days(
    spec: SourceSpec, reading: SourceReading, before: RecordedSource | None
) -> tuple[SourceReading, str]:
    """A reading without the days that it takes back to the calmer side, and a note on them.

    More exposure or a lower count of a day that is recorded would quiet an alarm afterwards, without a signature.
    """
    gives = getattr(spec, "gives", None)
    if before is None or gives not in {"exposure", "count"}:
        return reading, ""
    sums = _day_sums(reading.counts)
    calmer = {
        place
        for place, count in sums.items()
        if (was := before.counts.get(place)) is not None and (count > was if gives == "exposure" else count < was)
    }
    if not calmer:
        return reading, ""
    day, where = min(calmer, key=lambda place: (place[0], place[1] or ""))
    others = f" and {len(calmer) - 1} more" if len(calmer) > 1 else ""
    note = (
        f"{spec.id}: says {sums[day, where]:g} for {day}{others} now, and {before.counts[day, where]:g} is recorded, which"
        " stays: a figure of the past is not taken back to the calmer side. Give the source another id to correct it."
    )
    counts = tuple(own for own in reading.counts if (own.day, own.deployment) not in calmer)
    return replace(reading, counts=counts), note


def _day_sums(counts: Sequence[DayCount]) -> dict[tuple[date, str | None], float]:
    """The counts by day and deployment; several of them add up."""
    sums: dict[tuple[date, str | None], float] = {}
    for own in counts:
        sums[own.day, own.deployment] = sums.get((own.day, own.deployment), 0) + own.count
    return sums


def _new_counts(
    counts: Sequence[DayCount], recorded: Mapping[tuple[date, str | None], float], today: date
) -> tuple[DayCount, ...]:
    """Complete days whose count is new or differs, in order; several counts of one day and deployment add up."""
    sums = _day_sums([own for own in counts if own.day < today])
    order = sorted(sums, key=lambda place: (place[0], place[1] or ""))
    return tuple(
        DayCount(day=day, count=sums[day, where], deployment=where)
        for day, where in order
        if recorded.get((day, where)) != sums[day, where]
    )


def _received(source: str, signals: Sequence[ReceivedSignal], *, baseline: bool) -> Iterator[SignalsReceived]:
    for start in range(0, len(signals), CHUNK):
        yield SignalsReceived(source=source, baseline=baseline, signals=tuple(signals[start : start + CHUNK]))


def _differs(signal: ReceivedSignal, recorded: RecordedSignal) -> bool:
    """Whether a source says something else of a signal. A later first date is none: the first one stays."""
    return signal.content != recorded.signal.content or signal.first_seen_at < recorded.signal.first_seen_at


def _sentence(problems: Sequence[str]) -> str | None:
    """Problems as one line of the ledger without its full stop; None without any."""
    if not problems:
        return None
    more = f" And {len(problems) - 1} more" if len(problems) > 1 else ""
    words = plain(problems[0]) or "it could not be read"
    return f"{shortened(words, LONGEST_WHY - len(more))}{more}".removesuffix(".")


def _baseline_note(source: str, count: int, *, is_first: bool) -> str:
    were = count_words(count, "item")
    if is_first:
        return (
            f"{source} was read for the first time: its {were} set the baseline and trigger nothing. If one of them matters now,"
            " add it to the register and name it there under `signals`."
        )
    return (
        f"{source} gave {were} at once, which is taken for an import: they set the baseline and trigger nothing. If they are"
        " new, add what happened to the register and name them there under `signals`."
    )


def _named(body: SignalsReceived | SourceRead) -> Iterator[str]:
    if isinstance(body, SourceRead):
        yield from (body.position,) if body.position else ()
    else:
        yield from (signal.text for signal in body.signals if signal.text)
