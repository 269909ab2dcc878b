"""What stands around a cell: indices over register and history, made once for all cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from reassay.assessment.history_index import Decision, HistoryIndex
from reassay.assessment.schedule.risk import UNKNOWN, Risk, risks
from reassay.common.calendar import local_date
from reassay.ledger.history import History
from reassay.ledger.pull_requests import Overridden
from reassay.ledger.reassessment import BodyT, Noted
from reassay.ledger.risks import Accepted, Asserted, Triaged
from reassay.ledger.sweep_records import BypassClaimed, FirstSeen
from reassay.register.base import Described, Status
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.layers import LayerCoverage, layer_coverage
from reassay.register.mitigation import Mitigation
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Entry, Register

DescribedT = TypeVar("DescribedT", bound=Described)
EVERYWHERE = "*"
"""The one cell of a mitigation that names no deployment."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A risk acceptance, wherever it was made."""

    id: str
    cells: tuple[str, ...]
    """Deployments it is accepted for; none means all."""
    expires_at: date
    """The last day on which it holds."""

    def covers(self, cell: str) -> bool:
        """Whether it is accepted for a cell."""
        return EVERYWHERE in {cell, *self.cells} or not self.cells or cell in self.cells


@dataclass(frozen=True)
class Surroundings:
    """Register and history, indexed by what triggers ask for."""

    register: Register
    history: History

    def _noted(self, kind: Callable[[], type[BodyT]]) -> Iterable[tuple[Noted, BodyT]]:
        """Records of a kind, in order of the ledger. Before anything is recorded, no kind has to be known."""
        return self.history.noted(kind()) if self.history.seq else ()

    @cached_property
    def siblings(self) -> Mapping[str, tuple[Mitigation, ...]]:
        """By threat model, all mitigations that name it, whatever their status."""
        return _by_name(self.register.mitigations, lambda each: each.threat_models)

    @cached_property
    def troubled(self) -> Mapping[str, tuple[Mitigation, ...]]:
        """The siblings that may be lost: retired, or ever found less than effective."""
        failed = {name for name, own in self.decisions.items() if any(each.decision != "effective" for _, each in own)}
        return {
            threat: tuple(each for each in own if each.status is Status.RETIRED or each.id in failed)
            for threat, own in self.siblings.items()
        }

    @cached_property
    def incidents(self) -> Mapping[str, tuple[Incident, ...]]:
        """By mitigation that did not hold."""
        return _by_name(self.register.incidents, lambda each: each.mitigations_failed)

    def incidents_about(self, subject: Described) -> Iterable[Incident]:
        """Those that name a mitigation; a commitment looks at all of them."""
        if isinstance(subject, Mitigation):
            return self.incidents.get(subject.id, ())
        return (entry.value for entry in self.register.incidents.values())

    @cached_property
    def information(self) -> Mapping[str, tuple[InformationItem, ...]]:
        """By what it may bear on."""
        return _by_name(self.register.information_items, lambda each: each.affects)

    @cached_property
    def acceptances(self) -> Mapping[str, tuple[Acceptance, ...]]:
        """By what is accepted: those of the register, then those that two people made in an issue."""
        found: dict[str, list[Acceptance]] = defaultdict(list)
        for entry in self.register.risk_acceptances.values():
            own = entry.value
            for name in dict.fromkeys(own.mitigations):
                found[name].append(Acceptance(own.id, own.deployments, own.expires_at))
        for noted, accepted in self._noted(lambda: Accepted):
            name = self.history.present(accepted.subject)
            found[name].append(Acceptance(f"entry {noted.seq}", accepted.cells, accepted.until))
        return {name: tuple(own) for name, own in found.items()}

    @cached_property
    def asserted(self) -> Mapping[str, tuple[tuple[int, Asserted], ...]]:
        """By mitigation, what somebody said has come about, with the entry's number."""
        found: dict[str, list[tuple[int, Asserted]]] = defaultdict(list)
        for noted, body in self._noted(lambda: Asserted):
            found[self.history.present(body.subject)].append((noted.seq, body))
        return {name: tuple(own) for name, own in found.items()}

    @cached_property
    def overrides(self) -> tuple[tuple[Noted, Overridden], ...]:
        """Pull requests that were let through, in order of the ledger."""
        return tuple(self._noted(lambda: Overridden))

    @cached_property
    def bypasses(self) -> tuple[tuple[Noted, BypassClaimed], ...]:
        """What came past the gate, in order of the ledger."""
        return tuple(self._noted(lambda: BypassClaimed))

    @cached_property
    def first_seen(self) -> Mapping[str, tuple[date, str]]:
        """By deployment, when it was last recorded as first seen, and the digest of how it was written."""
        zone = self.register.configuration.timezone
        return {
            body.deployment: (local_date(noted.at, zone), body.snapshot)
            for noted, body in self._noted(lambda: FirstSeen)
        }

    @cached_property
    def triaged(self) -> Mapping[str, tuple[date, Triaged]]:
        """By information item, the first triage that was recorded, and its day."""
        zone = self.register.configuration.timezone
        found: dict[str, tuple[date, Triaged]] = {}
        for noted, body in self._noted(lambda: Triaged):
            found.setdefault(body.information, (local_date(noted.at, zone), body))
        return found

    @cached_property
    def evidence(self) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """By mitigation that it speaks to."""
        return _by_name(self.register.evidence_items, lambda each: each.mitigations)

    @cached_property
    def past(self) -> Mapping[str, tuple[PastAssessment, ...]]:
        """Imported history by mitigation; by its present id where it was renamed."""
        return _by_name(
            self.register.past_assessments, lambda each: (self.register.renamed.get(each.mitigation, each.mitigation),)
        )

    @cached_property
    def layers(self) -> Mapping[str, tuple[LayerCoverage, ...]]:
        """By threat model."""
        found: dict[str, list[LayerCoverage]] = defaultdict(list)
        for each in layer_coverage(self.register):
            found[each.threat_model].append(each)
        return {name: tuple(own) for name, own in found.items()}

    @cached_property
    def index(self) -> HistoryIndex:
        """Re-assessments by subject and cell."""
        return HistoryIndex.of(self.history)

    @property
    def decisions(self) -> Mapping[str, tuple[tuple[str, Decision], ...]]:
        """By subject, its decisions as (cell, decision) in order of the ledger; inconclusive ones are left out."""
        return self.index.decisions

    @cached_property
    def risks(self) -> Mapping[str, Risk]:
        """By active mitigation, how urgently it should be looked at."""
        return risks(self.register)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """By subject, its place when all are sorted by risk, highest first."""
        order = sorted(self.register.subjects, key=lambda name: (self.risks.get(name, UNKNOWN).key, name))
        return {name: rank for rank, name in enumerate(order)}


def _by_name(
    entries: Mapping[str, Entry[DescribedT]], names: Callable[[DescribedT], Iterable[str]]
) -> Mapping[str, tuple[DescribedT, ...]]:
    found: dict[str, list[DescribedT]] = defaultdict(list)
    for entry in entries.values():
        for name in dict.fromkeys(names(entry.value)):
            found[name].append(entry.value)
    return {name: tuple(own) for name, own in found.items()}
