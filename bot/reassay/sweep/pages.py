"""Severe incidents that are to be sent to an outgoing webhook: decided from register and ledger alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.assessment.cells import AssessmentInput
from reassay.ledger.entry import Record
from reassay.ledger.history import History
from reassay.ledger.signals import Paged, PagingBegan, SignalsReceived
from reassay.register.incident import Incident, Severity
from reassay.register.notifications import OutgoingWebhook
from reassay.signals.received import named_signals
from reassay.signals.recorded import RecordedSignal, recorded_signals


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An incident of the register, or one that a source gave and no entry of the register stands for."""

    place: str
    """`incident/ID` of the register, or `signal/ID` of the ledger."""
    severity: Severity
    kind: str
    first_seen_at: datetime
    title: str | None = None
    """None for a signal, whose words are an object."""
    text: str | None = None
    """Digest of the object with a signal's words."""
    mitigations: tuple[str, ...] = ()
    deployment: str | None = None
    root_cause: str | None = None
    source: str | None = None
    signals: tuple[str, ...] = ()
    """Signals that an incident of the register stands for: who was told of one knows of it."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.place.partition("/")[2]

    @property
    def about(self) -> str:
        """Its name in the ledger."""
        return f"{self.place}/{self.severity}"


@dataclass(frozen=True, slots=True)
class DuePage:
    """A message that a webhook is to get."""

    hook: OutgoingWebhook
    incident: KnownIncident
    has_failed: bool
    """Whether it is recorded already that it could not be delivered."""
    raised_from: Severity | None = None
    """The severity that the webhook was told of; None if it was told nothing, or the incident is older than it."""


def known_incidents(facts: AssessmentInput) -> tuple[KnownIncident, ...]:
    """All incidents, the oldest first; not the signals that a person triaged as no incident of a mitigation."""
    register, received = facts.register, facts.register_index.received
    incidents = [_of_register(received.with_signals(entry.value)) for entry in register.incidents.values()]
    stood_for = named_signals(register, received.signals)
    signals = [
        _of_ledger(recorded, received.incidents.get(name))
        for name, recorded in received.signals.items()
        if recorded.signal.gives == "incident" and name not in stood_for and received.triaged.get(name, True)
    ]
    return tuple(sorted((*incidents, *signals), key=lambda incident: (incident.first_seen_at, incident.place)))


def beginnings(facts: AssessmentInput) -> Iterator[Record]:
    """Records of webhooks that are new, or are told of further severities."""
    hooks = facts.register.configuration.notifications.webhooks
    told = _ToldSeverities(facts.history)
    incidents = known_incidents(facts) if hooks else ()
    for hook in hooks:
        new = tuple(
            severity for severity in Severity if severity in hook.severities and severity not in told.begun[hook.id]
        )
        if new:
            already = tuple(incident.about for incident in incidents if incident.severity in new)
            yield Record(body=PagingBegan(hook=hook.id, severities=new, already=already))


def due_pages(facts: AssessmentInput) -> tuple[DuePage, ...]:
    """Messages that are not delivered yet, the oldest incident first."""
    hooks = facts.register.configuration.notifications.webhooks
    told = _ToldSeverities(facts.history)
    return tuple(
        DuePage(hook, incident, (hook.id, incident.about) in told.failed, told.of(hook.id, incident))
        for incident in (known_incidents(facts) if hooks else ())
        for hook in hooks
        if incident.severity in told.begun[hook.id].intersection(hook.severities)
        and not _is_told(told.of(hook.id, incident), incident)
    )


def texts_to_page(history: History, since: datetime) -> frozenset[str]:
    """Digests of the words of signals received `since` of which some webhook, of now or before, was not told."""
    told = _ToldSeverities(history)
    incidents = [_of_ledger(own, None) for own in recorded_signals(history).values() if own.received_at >= since]
    return frozenset(
        incident.text
        for incident in incidents
        if incident.text is not None and any(not _is_told(told.of(hook, incident), incident) for hook in told.begun)
    )


def _is_told(severity: Severity | None, incident: KnownIncident) -> bool:
    return severity is not None and severity.reaches(incident.severity)


class _ToldSeverities:
    """What each webhook was told of, or was there before it."""

    def __init__(self, history: History) -> None:
        self.begun: Mapping[str, set[Severity]] = defaultdict(set)
        self.failed: set[tuple[str, str]] = set()
        self._told: dict[tuple[str, str], Severity] = {}
        self._baseline: dict[str, Severity] = {}
        for _, began in history.records_of(PagingBegan):
            self.begun[began.hook].update(began.severities)
            for about in began.already:
                self._add(began.hook, about)
        for _, paged in history.records_of(Paged):
            if paged.delivered:
                self._add(paged.hook, paged.about)
            else:
                self.failed.add((paged.hook, paged.about))
        for _, received in history.records_of(SignalsReceived):
            if received.baseline:
                self._baseline |= {f"signal/{own.id}": _severity(own.severity) for own in received.signals}

    def of(self, hook: str, incident: KnownIncident) -> Severity | None:
        """The highest severity at which a webhook knows of an incident; None if it does not."""
        places = (incident.place, *(f"signal/{name}" for name in incident.signals))
        severities = [self._told[hook, place] for place in places if (hook, place) in self._told]
        severities += [self._baseline[place] for place in places if place in self._baseline]
        return max(severities, key=list(Severity).index, default=None)

    def _add(self, hook: str, about: str) -> None:
        place, _, word = about.rpartition("/")
        severity = Severity(word) if word in list(Severity) else Severity.LOW
        before = self._told.get((hook, place), severity)
        self._told[hook, place] = before if before.reaches(severity) else severity


def _severity(stated: Severity | None) -> Severity:
    """A severity that is not known counts as the worst."""
    return stated or Severity.CRITICAL


def _of_register(incident: Incident) -> KnownIncident:
    return KnownIncident(
        place=f"incident/{incident.id}",
        severity=incident.severity,
        kind=incident.kind,
        first_seen_at=incident.first_seen_at,
        title=incident.title,
        mitigations=incident.mitigations_failed,
        deployment=incident.deployment,
        root_cause=incident.root_cause,
        signals=incident.signals,
    )


def _of_ledger(recorded: RecordedSignal, counting: Incident | None) -> KnownIncident:
    """`counting` is the incident that triggers see; None for a signal that counts for none."""
    signal = recorded.signal
    return KnownIncident(
        place=f"signal/{signal.id}",
        severity=_severity(signal.severity),
        kind=signal.incident_kind or "incident",
        first_seen_at=signal.first_seen_at,
        text=signal.text,
        mitigations=signal.mitigations,
        deployment=signal.deployment,
        root_cause=counting.root_cause if counting else None,
        source=recorded.source,
    )
