"""Reading the sources of signals that the configuration names: one that cannot be read is reported, and the others continue."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from reassay.common.errors import LimitError, ReassayError
from reassay.common.inert import plain
from reassay.common.sentences import capitalised
from reassay.github.signal_feeds import SignalFeeds
from reassay.ledger.history import History
from reassay.register.incident import Severity
from reassay.register.signal_sources import Signals, SignalSource, SourceSpec
from reassay.signals.recorded import RecordedSource, recorded_sources
from reassay.signals.source_readings import (
    Program,
    ReceivedEvent,
    Signal,
    SourceContext,
    SourceReader,
    SourceReading,
    SourceUnreadError,
)
from reassay.signals.source_settings import settings_digest
from reassay.signals.sources import READERS
from reassay.sweep.content import RepositoryContent
from reassay.sweep.run_context import RunContext

MOST_SIGNALS: Final = 10_000
"""Items of one reading that are taken: each becomes a record, and a stranger's feed may have a million."""
MOST_DAYS: Final = 50_000
"""Counts of one reading that are taken."""
_PROGRAMS: Final[Mapping[Program, str]] = {"action": "the Action", "app": "the hosted App"}


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What came of one source in one round: a reading, or the reason why there is none."""

    spec: SourceSpec
    reading: SourceReading | None = None
    why: str = ""
    """Why it could not be read, as a sentence; empty if it was."""
    is_elsewhere: bool = False
    """Whether this program cannot read its kind, and `why` says which one can."""
    is_pushed: bool = False
    """Whether it comes by itself, so that nothing of it was there before it was declared."""


def source_outcomes(
    content: RepositoryContent, history: History, now: datetime, context: RunContext, *, only: str | None = None
) -> tuple[SourceOutcome, ...]:
    """One outcome for each source of the configuration, or for the one that is named. Raises LimitError."""
    declared = content.register.configuration.signals.sources
    sources = [spec for spec in declared if only in {None, spec.id}]
    if not sources:
        return ()
    recorded = recorded_sources(history)
    named = {own.position for own in recorded.values() if own.position is not None}
    positions = context.contents.objects(content.ledger, named) if named else {}
    shared = _shared(content, now, context)
    outcomes = {
        spec.id: _outcome(
            spec,
            replace(
                shared,
                events=events_of(spec.id, context.events),
                position=_position(spec, recorded.get(spec.id), positions),
            ),
            context.acting.program or "action",
        )
        for spec in sorted(sources, key=lambda spec: _turn(recorded.get(spec.id)))
    }
    return tuple(outcomes[spec.id] for spec in sources)


def _turn(recorded: RecordedSource | None) -> tuple[bool, float]:
    """The order of reading: what failed comes last, since a slow source takes of the time that all have together."""
    if recorded is None or recorded.state != "failed":
        return False, 0.0
    return True, -recorded.read_at.timestamp() if recorded.read_at else 0.0


def events_of(source: str, events: Sequence[tuple[str, ReceivedEvent]]) -> tuple[ReceivedEvent, ...]:
    """The events of one source, in the order in which they came."""
    return tuple(sorted((event for name, event in events if name == source), key=lambda event: event.received_at))


def unexpected_events(signals: Signals, events: Sequence[tuple[str, ReceivedEvent]]) -> Iterator[str]:
    """What is lost of events, each a sentence: those of sources that the configuration does not have, or that are read."""
    for name in dict.fromkeys(name for name, _ in events):
        spec = signals.source(name)
        reader = reader_of(spec) if spec is not None else None
        if reader is None or not reader.is_pushed:
            shown = plain(name)[:100]
            yield (
                f"an event came for the source '{shown}', and the configuration has no source of this id that takes events."
                " Nothing of it was recorded: declare the source, or correct the id, and send it again."
            )


def _shared(content: RepositoryContent, now: datetime, context: RunContext) -> SourceContext:
    """What every source may use."""

    def file(path: str) -> bytes | None:
        data = context.contents.blob(path, content.commit)
        if isinstance(data, int):
            raise SourceUnreadError(f"The file {path} has {data:,} bytes, which is too many.")
        return data

    feeds = SignalFeeds(context.github.client, context.github.full_name)
    return SourceContext(
        now=now,
        register=content.register,
        http=context.http,
        file=file,
        issues=feeds.labelled_issues,
        advisories=feeds.advisories,
    )


def _position(
    spec: SourceSpec, recorded: RecordedSource | None, objects: Mapping[str, object]
) -> Mapping[str, object] | None:
    """What the last reading with the same settings wanted back; None before the first, or if the object is gone."""
    if recorded is None or recorded.settings != settings_digest(spec):
        return None
    value = objects.get(recorded.position or "")
    return value if isinstance(value, dict) else None


def reader_of(spec: SourceSpec) -> SourceReader[SignalSource] | None:
    """The reader of a kind of source; None for one that this version cannot read."""
    return next((reader for reader in READERS if isinstance(spec, reader.spec)), None)


def _outcome(spec: SignalSource, context: SourceContext, program: Program) -> SourceOutcome:
    reader = reader_of(spec)
    if reader is None:
        return SourceOutcome(spec, why=f"This version cannot read sources of the kind {spec.kind}.")
    if program not in reader.programs:
        able = " and ".join(_PROGRAMS[name] for name in sorted(reader.programs))
        why = f"{capitalised(_PROGRAMS[program])} cannot read sources of the kind {spec.kind}: {able} can."
        return SourceOutcome(spec, why=why, is_elsewhere=True, is_pushed=reader.is_pushed)
    if reader.is_pushed and not context.events:
        return SourceOutcome(spec, is_pushed=True)
    try:
        return SourceOutcome(spec, _bounded(reader.read(spec, context)), is_pushed=reader.is_pushed)
    except LimitError:
        raise
    except (SourceUnreadError, ReassayError) as error:
        return SourceOutcome(spec, why=str(error), is_pushed=reader.is_pushed)
    except Exception as error:  # noqa: BLE001 -- what a stranger sends must not end the sweep of everything else
        name = type(error).__name__
        why = f"What it says cannot be understood, and this version did not foresee it ({name}). Please report it."
        return SourceOutcome(spec, why=why, is_pushed=reader.is_pushed)


def _bounded(reading: SourceReading) -> SourceReading:
    """The reading, or the gravest of its items and the newest of its counts, with the problem that it has too many."""
    problems = []
    signals, counts = reading.signals, reading.counts
    if len(signals) > MOST_SIGNALS:
        problems.append(f"It has {len(signals):,} items, of which {MOST_SIGNALS:,} were taken; leave out old ones.")
        signals = tuple(sorted(signals, key=_gravity)[:MOST_SIGNALS])
    if len(counts) > MOST_DAYS:
        problems.append(f"It has {len(counts):,} counts, of which {MOST_DAYS:,} were taken; leave out old ones.")
        counts = tuple(sorted(counts, key=lambda count: count.day, reverse=True)[:MOST_DAYS])
    return (
        replace(reading, signals=signals, counts=counts, problems=(*problems, *reading.problems))
        if problems
        else reading
    )


def _gravity(signal: Signal) -> tuple[int, float, str]:
    """The gravest first, and of equal ones the newest. Those of the usual severity have none, and no date is just now."""
    weight = list(Severity).index(signal.severity) if signal.severity else list(Severity).index(Severity.MEDIUM)
    return -weight, -signal.first_seen_at.timestamp() if signal.first_seen_at else -math.inf, signal.key
