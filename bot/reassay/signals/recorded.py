"""Recorded signals: the sources in the ledger with their signals, each once, and their state with their counts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import get_args

from reassay.ledger.history import History
from reassay.ledger.risks import Triaged
from reassay.ledger.signals import DeploymentObserved, ReceivedSignal, SignalsReceived, SourceRead, SourceState
from reassay.register.incident import IncidentKind, Severity


@dataclass(frozen=True, slots=True)
class RecordedSignal:
    """A signal as its source says it now, with what it never loses.

    These are its first date, its highest severity, its gravest kind, the mitigations that it ever named, and whether it counts.
    One that names another deployment than before is about any.
    """

    signal: ReceivedSignal
    source: str
    received_at: datetime
    """Time of its first entry."""
    seq: int
    """Number of its first entry."""
    is_baseline: bool
    """Whether it was there before the watch began, or came with a bulk import: it triggers nothing until it becomes graver."""
    counted_at: datetime
    """Its first date as it was recorded first, by which rates count: an earlier one would take it out of a watch."""
    raised_seq: int = 0
    """Number of the last entry by which it became graver or bore on more: a triage before that is void."""


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """The state of a source, as last recorded for its settings."""

    source: str
    settings: str
    """Digest of the settings that it was read with."""
    state: SourceState
    since: datetime
    """When this state was recorded first."""
    why: str | None
    newest: datetime | None
    began_at: datetime
    """When it was read for the first time with these settings: counts of earlier days are its baseline."""
    read_at: datetime | None
    """Time of the last entry by which it was read; None if it never was."""
    counts: Mapping[tuple[date, str | None], float] = field(default_factory=dict)
    """By day (UTC) and deployment. A day that is absent is unknown, never zero."""
    position: str | None = None
    """Digest of what it compares with."""


def recorded_signals(history: History) -> Mapping[str, RecordedSignal]:
    """Signals by id, in order of the ledger."""
    signals: dict[str, RecordedSignal] = {}
    for record, body in history.records_of(SignalsReceived):
        for signal in body.signals:
            before = signals.get(signal.id)
            if before is None:
                signals[signal.id] = RecordedSignal(
                    signal, body.source, record.at, record.seq, body.baseline, signal.first_seen_at, record.seq
                )
                continue
            changes = {
                "first_seen_at": min(before.signal.first_seen_at, signal.first_seen_at),
                "severity": _higher(before.signal.severity, signal.severity),
                "mitigations": tuple(dict.fromkeys((*before.signal.mitigations, *signal.mitigations))),
                "incident_kind": _graver(before.signal.incident_kind, signal.incident_kind),
                "deployment": before.signal.deployment if before.signal.deployment == signal.deployment else None,
            }
            now = signal.model_copy(update=changes)
            is_raised = _bears_on(now) != _bears_on(before.signal)
            raised = record.seq if is_raised else before.raised_seq
            signals[signal.id] = replace(before, signal=now, raised_seq=raised)
            if before.is_baseline and is_raised:
                # What got worse since the watch began happened in the watch.
                signals[signal.id] = replace(signals[signal.id], is_baseline=False, counted_at=record.at)
    return signals


def _bears_on(signal: ReceivedSignal) -> tuple[object, ...]:
    """What a triage is about. It changes only for the worse."""
    return signal.severity, signal.mitigations, signal.incident_kind, signal.deployment


def voided_triages(history: History, signals: Mapping[str, RecordedSignal]) -> frozenset[int]:
    """Numbers of the entries of triages that came before a signal was raised."""
    return frozenset(
        record.seq
        for record, body in (history.records_of(Triaged) if signals else ())
        if body.information in signals and record.seq < signals[body.information].raised_seq
    )


def recorded_sources(history: History) -> Mapping[str, RecordedSource]:
    """Sources by id."""
    sources: dict[str, RecordedSource] = {}
    for record, body in history.records_of(SourceRead):
        before = sources.get(body.source)
        if before is not None and before.settings != body.settings:
            before = None
        counts = dict(before.counts) if before else {}
        counts.update({(count.day, count.deployment): count.count for count in body.counts})
        same = before is not None and before.state == body.state
        sources[body.source] = RecordedSource(
            source=body.source,
            settings=body.settings,
            state=body.state,
            since=before.since if before and same else record.at,
            why=body.why,
            newest=max((at for at in (body.newest, before.newest if before else None) if at), default=None),
            began_at=before.began_at if before else record.at,
            read_at=record.at if body.state == "read" else before.read_at if before else None,
            counts=counts,
            position=body.position or (before.position if before else None),
        )
    return sources


def observations(history: History) -> Mapping[str, tuple[tuple[datetime, DeploymentObserved], ...]]:
    """Observations by deployment, in order of the ledger, each with the time of its entry."""
    by_deployment: dict[str, list[tuple[datetime, DeploymentObserved]]] = defaultdict(list)
    for record, body in history.records_of(DeploymentObserved):
        by_deployment[body.deployment].append((record.at, body))
    return {name: tuple(own) for name, own in by_deployment.items()}


def _higher(first: Severity | None, second: Severity | None) -> Severity | None:
    if first is None or second is None:
        return first or second
    return first if first.reaches(second) else second


def _graver(first: IncidentKind | None, second: IncidentKind | None) -> IncidentKind | None:
    """The kind that is first in its list: an incident, then a near-miss, then a hazard."""
    return min((kind for kind in (first, second) if kind is not None), key=get_args(IncidentKind).index, default=None)
