"""Indices over register and ledger by what the triggers of a cell look up, computed once for all cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from reassay.assessment.follow_ups import TrackedFollowUp, follow_ups_of
from reassay.assessment.history_index import CellDecision, HistoryIndex
from reassay.assessment.risk import UNKNOWN, Risk, risks
from reassay.assessment.unreadable import (
    SUBJECTS,
    LastReadableRegister,
    UnreadableObject,
    unread_words,
    unreadable_objects,
    unreadable_subjects,
)
from reassay.common.calendar import local_date
from reassay.evidence.compared_records import measured_histories
from reassay.ledger.history import History
from reassay.ledger.pull_requests import Overridden
from reassay.ledger.reassessment import BodyT, LedgerRecord
from reassay.ledger.risks import Accepted, Asserted, Triaged
from reassay.ledger.signals import DeploymentObserved
from reassay.ledger.sweep_records import BypassClaimed, FirstSeen
from reassay.register.base import Described, Status
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.layers import LayerCoverage, Places, declared_places, layer_coverage
from reassay.register.mitigation import Mitigation
from reassay.register.object_references import SUBJECT, references_of
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import KINDS, Register
from reassay.signals.received import ReceivedSignals
from reassay.signals.recorded import (
    RecordedSignal,
    RecordedSource,
    observations,
    recorded_signals,
    recorded_sources,
    voided_triages,
)

DescribedT = TypeVar("DescribedT", bound=Described)
EVERYWHERE = "*"
"""The only cell of a mitigation that names no deployment."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A risk acceptance, of the register or of the ledger."""

    id: str
    cells: tuple[str, ...]
    """Deployments for which the risk is accepted; empty means all."""
    expires_at: date
    """The last day on which it is valid."""

    def covers(self, cell: str) -> bool:
        """Whether the risk is accepted for a cell."""
        return EVERYWHERE in {cell, *self.cells} or not self.cells or cell in self.cells


@dataclass(frozen=True)
class RegisterIndex:
    """A register and its ledger history, indexed by what triggers look up."""

    register: Register
    history: History
    last_readable: LastReadableRegister | None = None
    """The register as it last could be read; None if nobody has looked."""

    @cached_property
    def unreadable(self) -> tuple[UnreadableObject, ...]:
        """Everything that was declared or known and cannot be read."""
        return unreadable_objects(self.register, self.history, self.last_readable)

    @cached_property
    def measured(self) -> Mapping[str, History]:
        """By mitigation of which the ledger has the result of an evaluation: its own part of the history."""
        return measured_histories(self.history)

    @cached_property
    def unreadable_subjects(self) -> Mapping[str, UnreadableObject]:
        """The mitigations and commitments among them that have no readable entry, by id."""
        return unreadable_subjects(self.unreadable, self.register)

    def unread_words(self, kinds: frozenset[str]) -> str:
        """What cannot be read of some kinds, as part of a sentence; empty if everything can."""
        if kinds not in self._unread_words:
            self._unread_words[kinds] = unread_words(self.unreadable, kinds)
        return self._unread_words[kinds]

    @cached_property
    def _unread_words(self) -> dict[frozenset[str], str]:
        return {}

    @cached_property
    def recorded_cells(self) -> Mapping[str, tuple[str, ...]]:
        """Every cell that the ledger has of a subject, by subject, in order of the ledger."""
        cells: dict[str, dict[str, None]] = defaultdict(dict)
        for reassessment in self.history.reassessments.values():
            cells[reassessment.subject] |= dict.fromkeys(reassessment.cells)
        return {name: tuple(own) for name, own in cells.items()}

    @cached_property
    def flawed(self) -> Mapping[str, str]:
        """By id of a subject that can be read, why its entry cannot be relied on."""
        own = (item for item in self.unreadable if item.kind in SUBJECTS)
        return {item.id: item.words for item in own if item.id is not None and item.id in self.register.subjects}

    def _records_of(self, kind: Callable[[], type[BodyT]]) -> Iterable[tuple[LedgerRecord, BodyT]]:
        """Records of a kind, in order of the ledger. `kind` is called only if the ledger has entries."""
        return self.history.records_of(kind()) if self.history.seq else ()

    @cached_property
    def siblings(self) -> Mapping[str, tuple[Mitigation, ...]]:
        """All mitigations that name a threat model, by threat model; those of every status."""
        mitigations = (entry.value for entry in self.register.mitigations.values())
        return _by_name(mitigations, lambda mitigation: mitigation.threat_models)

    @cached_property
    def active_siblings(self) -> Mapping[str, tuple[str, ...]]:
        """Sorted ids of the active mitigations that name a threat model, by threat model."""
        return {
            threat: tuple(sorted(sibling.id for sibling in own if sibling.status is Status.ACTIVE))
            for threat, own in self.siblings.items()
        }

    @cached_property
    def naming(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Kinds and ids of the objects that name a mitigation or commitment, by its id."""
        by_name: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for kind in KINDS:
            for own, entry in self.register.objects(kind).items():
                for _, about, name in references_of(entry.value):
                    if about in {SUBJECT, "mitigation", "commitment"}:
                        by_name[self.register.renamed.get(name, name)][kind, own] = None
                for name in entry.value.related:
                    by_name[self.register.renamed.get(name, name)][kind, own] = None
        return {name: tuple(own) for name, own in by_name.items()}

    @cached_property
    def troubled(self) -> Mapping[str, tuple[Mitigation, ...]]:
        """Siblings that are retired or were ever decided less than effective, by threat model."""
        failed = {
            name for name, own in self.decisions.items() if any(decision.decision != "effective" for _, decision in own)
        }
        return {
            threat: tuple(sibling for sibling in own if sibling.status is Status.RETIRED or sibling.id in failed)
            for threat, own in self.siblings.items()
        }

    @cached_property
    def incidents(self) -> Mapping[str, tuple[Incident, ...]]:
        """Incidents by the mitigation that failed, those that sources gave included."""
        return _by_name(self.every_incident.values(), lambda incident: incident.mitigations_failed)

    @cached_property
    def every_incident(self) -> Mapping[str, Incident]:
        """Incidents by id: those of the register with the signals they stand for, then those that sources gave and that count."""
        own = {name: self.received.with_signals(entry.value) for name, entry in self.register.incidents.items()}
        return {**own, **self.received.incidents}

    @cached_property
    def every_item(self) -> Mapping[str, InformationItem]:
        """Information items by id: those of the register, then those that sources gave and that count."""
        own = {name: entry.value for name, entry in self.register.information_items.items()}
        return {**own, **self.received.information}

    def incidents_about(self, subject: Described) -> Iterable[Incident]:
        """Incidents that concern a subject: for a mitigation those that name it, for a commitment all of them."""
        if isinstance(subject, Mitigation):
            return self.incidents.get(subject.id, ())
        return self.every_incident.values()

    @cached_property
    def information(self) -> Mapping[str, tuple[InformationItem, ...]]:
        """Information items by the subject they may affect."""
        return _by_name(self.every_item.values(), lambda item: item.affects)

    @cached_property
    def acceptances(self) -> Mapping[str, tuple[Acceptance, ...]]:
        """Risk acceptances by subject: those of the register, then those that two people recorded in an issue."""
        by_subject: dict[str, list[Acceptance]] = defaultdict(list)
        for entry in self.register.risk_acceptances.values():
            own = entry.value
            for name in dict.fromkeys(own.mitigations):
                by_subject[name].append(Acceptance(own.id, own.deployments, own.expires_at))
        for record, accepted in self._records_of(lambda: Accepted):
            name = self.history.present(accepted.subject, record.seq)
            by_subject[name].append(Acceptance(f"entry {record.seq}", accepted.cells, accepted.until))
        return {name: tuple(own) for name, own in by_subject.items()}

    @cached_property
    def asserted(self) -> Mapping[str, tuple[tuple[int, Asserted], ...]]:
        """Asserted invalidation conditions by mitigation, each with the number of its ledger entry."""
        by_subject: dict[str, list[tuple[int, Asserted]]] = defaultdict(list)
        for record, body in self._records_of(lambda: Asserted):
            by_subject[self.history.present(body.subject, record.seq)].append((record.seq, body))
        return {name: tuple(own) for name, own in by_subject.items()}

    @cached_property
    def follow_ups(self) -> Mapping[str, tuple[TrackedFollowUp, ...]]:
        """Follow-ups by the id of the re-assessment that decided them."""
        return follow_ups_of(self.history)

    @cached_property
    def follow_ups_by_issue(self) -> Mapping[int, TrackedFollowUp]:
        """Follow-ups by the number of their issue."""
        every = (follow_up for own in self.follow_ups.values() for follow_up in own)
        return {follow_up.issue: follow_up for follow_up in every if follow_up.issue is not None}

    @cached_property
    def signals(self) -> Mapping[str, RecordedSignal]:
        """Received signals by id."""
        return recorded_signals(self.history) if self.history.seq else {}

    @cached_property
    def received(self) -> ReceivedSignals:
        """The received signals that count as incidents and information."""
        triaged = {name: own.material for name, (_, own) in self.triaged.items()} if self.signals else {}
        return ReceivedSignals(self.register, self.signals, triaged)

    @cached_property
    def sources(self) -> Mapping[str, RecordedSource]:
        """The recorded state of sources of signals, by id; one that is absent was never read."""
        return recorded_sources(self.history) if self.history.seq else {}

    @cached_property
    def observations(self) -> Mapping[str, tuple[tuple[datetime, DeploymentObserved], ...]]:
        """Observations by deployment, in order of the ledger."""
        return observations(self.history) if self.history.seq else {}

    @cached_property
    def overrides(self) -> tuple[tuple[LedgerRecord, Overridden], ...]:
        """Overrides of the merge gate, in order of the ledger."""
        return tuple(self._records_of(lambda: Overridden))

    @cached_property
    def bypasses(self) -> tuple[tuple[LedgerRecord, BypassClaimed], ...]:
        """Bypasses of the merge gate, in order of the ledger."""
        return tuple(self._records_of(lambda: BypassClaimed))

    @cached_property
    def first_seen(self) -> Mapping[str, tuple[date, str]]:
        """By deployment, the day of its last FirstSeen record and the digest of the deployment as written then."""
        zone = self.register.configuration.timezone
        return {
            body.deployment: (local_date(record.at, zone), body.snapshot)
            for record, body in self._records_of(lambda: FirstSeen)
        }

    @cached_property
    def triaged(self) -> Mapping[str, tuple[date, Triaged]]:
        """By information item or received signal, its first recorded triage that holds, and the day of it."""
        zone, voided = self.register.configuration.timezone, voided_triages(self.history, self.signals)
        by_item: dict[str, tuple[date, Triaged]] = {}
        for record, body in self._records_of(lambda: Triaged):
            if record.seq in voided:
                continue
            by_item.setdefault(body.information, (local_date(record.at, zone), body))
        return by_item

    @cached_property
    def evidence(self) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """Evidence items by subject."""
        items = (entry.value for entry in self.register.evidence_items.values())
        return _by_name(items, lambda item: item.mitigations)

    @cached_property
    def past(self) -> Mapping[str, tuple[PastAssessment, ...]]:
        """Imported past assessments by the present id of their mitigation."""
        return _by_name(
            (entry.value for entry in self.register.past_assessments.values()),
            lambda assessment: (self.register.renamed.get(assessment.mitigation, assessment.mitigation),),
        )

    @cached_property
    def layers(self) -> Mapping[str, tuple[LayerCoverage, ...]]:
        """Layer coverage by threat model, in the deployments where each applies."""
        return self._by_threat(self.places)

    @cached_property
    def layers_everywhere(self) -> Mapping[str, tuple[LayerCoverage, ...]]:
        """Layer coverage by threat model as if each applied in every deployment, which is how old snapshots counted."""
        return self._by_threat({})

    @cached_property
    def places(self) -> Places:
        """Where threat models apply that do not apply everywhere."""
        return declared_places(self.register)

    def layers_at(self, threat: str, where: frozenset[str] | None) -> tuple[LayerCoverage, ...]:
        """Layer coverage of one threat model as if it applied in these deployments; in all of them for None."""
        if where == self.places.get(threat):
            return self.layers.get(threat, ())
        if where is None:
            return self.layers_everywhere.get(threat, ())
        return self._by_threat({threat: where}).get(threat, ())

    def _by_threat(self, places: Places) -> Mapping[str, tuple[LayerCoverage, ...]]:
        by_threat: dict[str, list[LayerCoverage]] = defaultdict(list)
        for coverage in layer_coverage(self.register, places=places):
            by_threat[coverage.threat_model].append(coverage)
        return {name: tuple(own) for name, own in by_threat.items()}

    @cached_property
    def history_index(self) -> HistoryIndex:
        """Re-assessments by subject and cell."""
        return HistoryIndex.of(self.history)

    @property
    def decisions(self) -> Mapping[str, tuple[tuple[str, CellDecision], ...]]:
        """By subject, its decisions as (cell, decision) in order of the ledger; inconclusive ones are left out."""
        return self.history_index.decisions

    @cached_property
    def risks(self) -> Mapping[str, Risk]:
        """The risk of each active mitigation, by id."""
        return risks(self.register)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """By subject, its position when all are sorted by risk, highest first, from 0."""
        order = sorted(self.register.subjects, key=lambda name: (self.risks.get(name, UNKNOWN).key, name))
        return {name: rank for rank, name in enumerate(order)}


def _by_name(
    values: Iterable[DescribedT], names: Callable[[DescribedT], Iterable[str]]
) -> Mapping[str, tuple[DescribedT, ...]]:
    by_name: dict[str, list[DescribedT]] = defaultdict(list)
    for value in values:
        for name in dict.fromkeys(names(value)):
            by_name[name].append(value)
    return {name: tuple(own) for name, own in by_name.items()}
