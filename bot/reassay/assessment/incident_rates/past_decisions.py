"""The decisions about a cell that a watch of incidents goes through, with what each of them knew and signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.assessment.imported_assessments import imported_assessment
from reassay.assessment.snapshot import INCIDENT_RATES, INCIDENT_RATES_SINCE, INCIDENTS
from reassay.assessment.triggers.base import TriggerInput
from reassay.register.base import Depth
from reassay.register.incident import Incident

SEPARATOR: Final = "; "
"""Between the parts of what a trigger is about: watch, figure, and what fired."""
SINCE: Final = "since "
"""Before the first day of the watch, in what a trigger is about."""


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """A decision about the cell, or an imported assessment of it."""

    day: date
    name: str
    version: int | None
    """None if not known."""
    depth: Depth | None
    """None if not known."""
    snapshot: Mapping[str, object] | None
    """None if imported, or if it cannot be read."""

    def covers(self, incident: Incident, day: date) -> bool:
        """Whether it knew an incident first seen on `day`, or a received signal that the incident stands for."""
        names = None if self.snapshot is None else self.snapshot.get(INCIDENTS)
        if not isinstance(names, Mapping):
            return day <= self.day
        return incident.id in names or any(signal in names for signal in incident.signals)

    def figures(self, key: str) -> tuple[str, ...] | None:
        """The figures that it signed for a watch; None if it knew of no such watch."""
        return self._signed(INCIDENT_RATES, key)

    def watches(self) -> Mapping[str, tuple[str, ...]]:
        """All figures that it signed, by watch."""
        rates = None if self.snapshot is None else self.snapshot.get(INCIDENT_RATES)
        return {str(key): self.figures(key) or () for key in rates} if isinstance(rates, Mapping) else {}

    def first_days(self, key: str) -> tuple[date, ...]:
        """The first days that it signed for a watch; none where that began after the first assessment."""
        return tuple(date.fromisoformat(day) for day in self._signed(INCIDENT_RATES_SINCE, key) or ())

    def _signed(self, part: str, key: str) -> tuple[str, ...] | None:
        rates = None if self.snapshot is None else self.snapshot.get(part)
        figures = rates.get(key) if isinstance(rates, Mapping) else None
        return tuple(str(figure) for figure in figures) if isinstance(figures, list) else None


def past_decisions(facts: TriggerInput) -> tuple[EarlierDecision, ...]:
    """The decisions that count, in order of the ledger; an imported assessment before them comes first."""
    decided = tuple(_decided(facts))
    imported = tuple(_imported(facts))
    if decided:
        imported = tuple(past for past in imported if past.day <= decided[0].day)
    return (*imported, *decided)


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """The figures for which a re-assessment of the cell is open: they stay in force until it is decided."""

    reassessment: str
    figures: tuple[str, ...]
    first_day: date | None = None
    """The first day of the watch in which it fired; None if there is none."""


def open_figures(key: str, facts: TriggerInput) -> OpenFigures:
    """Figures of a watch that the records of its open re-assessment name; empty without an open one."""
    opened = facts.register_index.history_index.opened.get(facts.subject.id)
    if opened is None or facts.cell not in opened.cells:
        return OpenFigures("", ())
    abouts = (trigger.about for trigger in opened.triggers if facts.cell in trigger.cells)
    parts = [about.partition(f"{key}{SEPARATOR}")[2].split(SEPARATOR) for about in abouts]
    days = (part.removeprefix(SINCE) for own in parts for part in own[1:] if part.startswith(SINCE))
    first_day = min((date.fromisoformat(day[:10]) for day in days), default=None)
    return OpenFigures(opened.id, tuple(dict.fromkeys(own[0] for own in parts if own[0])), first_day)


def open_watches(facts: TriggerInput) -> Mapping[str, tuple[str, ...]]:
    """All figures for which a re-assessment of the cell is open, by watch."""
    opened = facts.register_index.history_index.opened.get(facts.subject.id)
    found: dict[str, tuple[str, ...]] = {}
    for trigger in opened.triggers if opened is not None else ():
        key, *parts = trigger.about.split(SEPARATOR)
        if trigger.kind == "incident-rate" and facts.cell in trigger.cells and parts:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), parts[0])))
    return found


def _decided(facts: TriggerInput) -> Iterator[EarlierDecision]:
    own = facts.register_index.history_index.of_subject(facts.subject.id)
    for reassessment in sorted(own, key=lambda reassessment: reassessment.decided_seq or 0):
        decided = reassessment.decided
        if decided and reassessment.counts and decided.decision != "inconclusive" and facts.cell in decided.cells:
            snapshot = facts.snapshots.get(decided.snapshot)
            yield EarlierDecision(decided.decided_on, reassessment.id, decided.version, reassessment.depth, snapshot)


def _imported(facts: TriggerInput) -> Iterator[EarlierDecision]:
    if facts.register_index.history.end_of(facts.subject.id, facts.subject.formerly):
        # An id has one life: what was imported under it may be about another mitigation.
        return
    past = imported_assessment(facts.subject, facts.cell, facts.register_index, facts.today, Depth.LIGHT)
    if past is not None:
        yield EarlierDecision(past.on, past.words(), past.version, past.depth, None)
