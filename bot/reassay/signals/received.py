"""Received signals as what triggers work on: incidents and information items beside those that somebody wrote in the register.

The register itself is never changed: a comparison of two registers, a gate and a lint see what people wrote and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from reassay.common.canonical import digest
from reassay.common.inert import plain
from reassay.register.incident import Incident, IncidentKind, Severity
from reassay.register.information import InformationItem
from reassay.register.register import Register
from reassay.signals.recorded import RecordedSignal

_LEAST_SERIOUS_FIRST: Final[tuple[IncidentKind, ...]] = ("hazard", "near-miss", "incident")


def cause_digest(root_cause: str) -> str:
    """The digest of the name of a cause, by which signals and entries of the register have the same one."""
    return digest(plain(root_cause).encode())


def named_signals(register: Register, signals: Mapping[str, RecordedSignal]) -> frozenset[str]:
    """Ids of signals that entries of the register stand for, so that they no longer count on their own.

    An information item stands for no incident: that would make of it something that a person triages one day.
    """
    incidents = (name for entry in register.incidents.values() for name in entry.value.signals)
    items = (
        name
        for entry in register.information_items.values()
        for name in (entry.value.id, *entry.value.signals)
        if name not in signals or signals[name].signal.gives == "information"
    )
    return frozenset({*incidents, *register.incidents, *items})


@dataclass(frozen=True)
class ReceivedSignals:
    """The received signals that count, for one register and one ledger."""

    register: Register
    signals: Mapping[str, RecordedSignal] = field(default_factory=dict)
    triaged: Mapping[str, bool] = field(default_factory=dict)
    """By id of a signal that a person has triaged, whether it is material."""

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """Incidents by id. They count at once, until a person triages them as no incident of a mitigation (`not-material`)."""
        return {
            own.signal.id: self._incident(own)
            for own in self._counting("incident")
            if self.triaged.get(own.signal.id, True)
        }

    @cached_property
    def information(self) -> Mapping[str, InformationItem]:
        """Information items by id, triaged or not."""
        return {own.signal.id: self._item(own) for own in self._counting("information")}

    @cached_property
    def waiting(self) -> tuple[RecordedSignal, ...]:
        """Signals that count and that nobody has triaged, in order of the ledger."""
        every = (*self._counting("incident"), *self._counting("information"))
        return tuple(
            sorted(
                (own for own in every if own.signal.id not in self.triaged), key=lambda own: (own.seq, own.signal.id)
            )
        )

    def can_be_triaged(self, name: str) -> RecordedSignal | None:
        """A signal that a person may triage, baseline included; None for information that the register names or has as its own.

        An incident keeps its triage: until then the entry that stands for it says no less than it.
        """
        own = self.signals.get(name)
        return own if own is None or own.signal.gives == "incident" or name not in self._replaced else None

    @cached_property
    def _replaced(self) -> frozenset[str]:
        """Signals that the register speaks for: it names them, or has an entry with their id."""
        return named_signals(self.register, self.signals)

    def with_signals(self, incident: Incident) -> Incident:
        """An entry with the worse of what it says and what the signals that it stands for say.

        Whoever may write an entry could otherwise quiet a signal without a triage. Where a person triaged the signal as no
        incident, and where it is a baseline that nobody triaged, the entry alone counts.
        """
        names = dict.fromkeys((incident.id, *incident.signals))
        counted = (self.signals[name] for name in names if name in self.signals)
        behind = [
            self._incident(own)
            for own in counted
            if own.signal.gives == "incident" and self.triaged.get(own.signal.id, not own.is_baseline)
        ]
        if not behind:
            return incident
        every = (incident, *behind)
        places = {own.deployment for own in behind if own.deployment is not None}
        first_seen_at = min(own.first_seen_at for own in every)
        return incident.model_copy(
            update={
                "severity": max((own.severity for own in every), key=list(Severity).index),
                "kind": max((own.kind for own in every), key=_LEAST_SERIOUS_FIRST.index),
                "first_seen_at": first_seen_at,
                "occurred_at": incident.occurred_at
                if incident.occurred_at and incident.occurred_at <= first_seen_at
                else None,
                "mitigations_failed": tuple(dict.fromkeys(name for own in every for name in own.mitigations_failed)),
                # A source that names another place than the entry: it may be either, which is any.
                "deployment": incident.deployment if places <= {incident.deployment} else None,
                "similar_model": False,
            }
        )

    def _counting(self, gives: str) -> Iterator[RecordedSignal]:
        """A baseline counts only once a person has triaged it as material."""
        for name, own in self.signals.items():
            if own.signal.gives != gives or name in self._replaced:
                continue
            if not own.is_baseline or self.triaged.get(name, False):
                yield own

    @cached_property
    def _causes(self) -> Mapping[str, str]:
        """Names of causes that the register has, by digest."""
        causes = (entry.value.root_cause for entry in self.register.incidents.values())
        return {cause_digest(cause): cause for cause in causes if cause}

    def _incident(self, own: RecordedSignal) -> Incident:
        signal = own.signal
        cause = signal.root_cause
        return Incident.model_construct(
            id=signal.id,
            title=f"Incident from {own.source}",
            kind=signal.incident_kind or "incident",
            severity=signal.severity or Severity.CRITICAL,
            first_seen_at=signal.first_seen_at,
            occurred_at=signal.occurred_at
            if signal.occurred_at and signal.occurred_at <= signal.first_seen_at
            else None,
            resolved_at=signal.resolved_at,
            mitigations_failed=self._present(signal.mitigations),
            deployment=signal.deployment if signal.deployment in self.register.deployments else None,
            root_cause=self._causes.get(cause, f"cause-{cause.removeprefix('sha256:')[:12]}") if cause else None,
            signals=(signal.id,),
        )

    def _item(self, own: RecordedSignal) -> InformationItem:
        signal = own.signal
        return InformationItem.model_construct(
            id=signal.id,
            title=f"Information from {own.source}",
            kind=signal.information_kind or "external-incident",
            # Its source may have had it for long; the organisation learned of it when it was read.
            known_at=own.received_at,
            published_at=signal.first_seen_at,
            source=own.source,
            affects=self._present(signal.mitigations),
            signals=(signal.id,),
        )

    def _present(self, names: tuple[str, ...]) -> tuple[str, ...]:
        renamed = self.register.renamed
        return tuple(dict.fromkeys(renamed.get(name, name) for name in names))
