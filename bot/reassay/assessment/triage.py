"""The queue for triage: received signals with their dates, and imports that only set a baseline.

A feed proposes and a person triages in time; information that is not triaged in time counts as material, incidents count at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.triggers.clocks import flat
from reassay.common.calendar import Duration, local_date
from reassay.ledger.signals import SignalsReceived
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.incident import Severity
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import NewInformationSpec
from reassay.signals.recorded import RecordedSignal


@dataclass(frozen=True, slots=True)
class WaitingSignal:
    """A received signal that nobody has triaged."""

    recorded: RecordedSignal
    affects: tuple[str, ...]
    """Present ids of the mitigations that it names."""
    due: date
    """The last day for its triage."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.recorded.signal.id


@dataclass(frozen=True, slots=True)
class RecentImport:
    """Items of one source that were taken for a baseline not long ago."""

    source: str
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class TriageItem:
    """Something that a person can triage: an information item of the register, or a received signal."""

    id: str
    affects: tuple[str, ...]
    is_incident: bool
    is_done: bool
    """Whether somebody triaged it."""
    is_received: bool = False
    """Whether a source gave it."""


def waiting_signals(assessment_input: AssessmentInput) -> tuple[WaitingSignal, ...]:
    """What waits, first what is due first; of one day the most severe, and information after incidents."""
    index = assessment_input.register_index
    present = {**index.received.incidents, **index.received.information}
    waiting = []
    for own in index.received.waiting:
        value = present[own.signal.id]
        affects: tuple[str, ...] = getattr(value, "mitigations_failed", ()) or getattr(value, "affects", ())
        waiting.append(WaitingSignal(own, affects, _due(own, affects, assessment_input)))
    return tuple(sorted(waiting, key=_urgency))


def _urgency(own: WaitingSignal) -> tuple[date, int, int, str]:
    signal = own.recorded.signal
    severity = list(Severity).index(signal.severity) if signal.severity and signal.gives == "incident" else -1
    return own.due, -severity, own.recorded.seq, own.id


def recent_imports(assessment_input: AssessmentInput) -> tuple[RecentImport, ...]:
    """Baselines that came in within the time for a triage, by source and day, in order of the ledger."""
    zone = assessment_input.register.configuration.timezone
    within = assessment_input.register.configuration.defaults.triage_within
    counts: dict[tuple[str, date], int] = {}
    if not assessment_input.register_index.signals:
        return ()
    for record, body in assessment_input.history.records_of(SignalsReceived):
        day = local_date(record.at, zone)
        if body.baseline and assessment_input.today <= within.after(day):
            counts[body.source, day] = counts.get((body.source, day), 0) + len(body.signals)
    return tuple(RecentImport(source, day, count) for (source, day), count in counts.items())


def triage_items(assessment_input: AssessmentInput) -> Mapping[str, TriageItem]:
    """Everything that can be triaged or was, by id; information signals that the register speaks for are left out."""
    index = assessment_input.register_index
    items = {
        name: TriageItem(
            name,
            entry.value.affects,
            is_incident=False,
            is_done=entry.value.triage is not None or name in index.triaged,
        )
        for name, entry in assessment_input.register.information_items.items()
    }
    renamed = assessment_input.register.renamed
    for name in index.signals:
        own = index.received.can_be_triaged(name)
        if own is not None:
            affects = tuple(dict.fromkeys(renamed.get(other, other) for other in own.signal.mitigations))
            is_incident, is_done = own.signal.gives == "incident", name in index.triaged
            items[name] = TriageItem(name, affects, is_incident=is_incident, is_done=is_done, is_received=True)
    return items


def _due(own: RecordedSignal, affects: tuple[str, ...], assessment_input: AssessmentInput) -> date:
    """The last day for a triage: the earliest that any trigger of what it names allows."""
    register = assessment_input.register
    received = local_date(own.received_at, register.configuration.timezone)
    within = [register.configuration.defaults.triage_within]
    if own.signal.gives == "information":
        entries = [*(register.subjects[name] for name in affects if name in register.subjects)]
        carriers = (*(entry.value for entry in entries), *(entry.value for entry in register.commitments.values()))
        within += [span for subject in carriers for span in _stated(subject)]
    return min(span.after(received) for span in within)


def _stated(subject: Assessable) -> Iterator[Duration]:
    triggers = subject.triggers if isinstance(subject, Commitment) else ()
    if isinstance(subject, Mitigation):
        triggers = subject.reassess.triggers if subject.reassess else ()
    specs = (spec for spec in flat(triggers) if isinstance(spec, NewInformationSpec))
    return (spec.triage_within for spec in specs if spec.triage_within)
