"""Indices over re-assessments by subject and cell, for triggers, queue and pacing; computed once for all cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from reassay.ledger.history import History, LastDecision
from reassay.ledger.reassessment import Reassessment
from reassay.register.base import Depth

WITHDRAWN = "withdrawn"
"""The decision that replaces a withdrawn one when siblings are evaluated."""


@dataclass(frozen=True, slots=True)
class CellDecision:
    """One decision about one cell, as triggers of sibling mitigations read it."""

    seq: int
    """Number of the ledger entry."""
    on: date
    decision: str


@dataclass(slots=True)
class HistoryIndex:
    """Indices over all re-assessments. Only `of` and a forecast change them, with `put`."""

    reassessments: dict[str, Reassessment] = field(default_factory=dict)
    """By id."""
    by_subject: dict[str, dict[str, Reassessment]] = field(default_factory=dict)
    """By subject, then by id."""
    opened: dict[str, Reassessment] = field(default_factory=dict)
    """The open re-assessment by subject, without those that pull requests propose."""
    last: dict[Depth, dict[tuple[str, str], LastDecision]] = field(
        default_factory=lambda: {depth: {} for depth in Depth}
    )
    """By depth and (subject, cell), the last decision that was at least that deep; see `History.last_decisions`."""
    latest: dict[str, Reassessment] = field(default_factory=dict)
    """By subject, the last decided re-assessment that counts; inconclusive ones included."""
    decisions: dict[str, tuple[tuple[str, CellDecision], ...]] = field(default_factory=dict)
    """By subject, its decisions as (cell, decision) in order of the ledger; inconclusive ones are left out."""
    decided: set[str] = field(default_factory=set)
    """Subjects that have a decided re-assessment."""
    paced: dict[str, Reassessment] = field(default_factory=dict)
    """Re-assessments of a paced first run, by id."""
    numbers: dict[str, int] = field(default_factory=dict)
    """By year, the highest number of a re-assessment id."""

    @staticmethod
    def of(history: History) -> HistoryIndex:
        """The indices of a ledger history."""
        index = HistoryIndex()
        for reassessment in sorted(
            history.reassessments.values(), key=lambda reassessment: reassessment.decided_seq or 0
        ):
            index.put(reassessment)
        return index

    def put(self, reassessment: Reassessment) -> None:
        """Adds a re-assessment or replaces its former version. Decisions must be added in order of the ledger."""
        self.reassessments[reassessment.id] = reassessment
        self.by_subject.setdefault(reassessment.subject, {})[reassessment.id] = reassessment
        year, number = reassessment.id.removeprefix("R-").split("-")
        self.numbers[year] = max(int(number), self.numbers.get(year, 0))
        if reassessment.opened.paced:
            self.paced[reassessment.id] = reassessment
        if reassessment.state == "open" and reassessment.proposal is None:
            self.opened[reassessment.subject] = reassessment
        elif (former := self.opened.get(reassessment.subject)) and former.id == reassessment.id:
            del self.opened[reassessment.subject]
        if reassessment.decided is not None:
            self._decide(reassessment)

    def of_subject(self, subject: str) -> tuple[Reassessment, ...]:
        """The re-assessments of a subject, in order of opening."""
        own = self.by_subject.get(subject, {}).values()
        return tuple(sorted(own, key=lambda reassessment: reassessment.opened_seq))

    def next_id(self, year: int, offset: int = 0) -> str:
        """The next unused id, `R-<year>-<number>`; with `offset` n the n-th after it."""
        return f"R-{year}-{self.numbers.get(str(year), 0) + 1 + offset:03d}"

    def last_inconclusive(self, subject: str) -> Reassessment | None:
        """The subject's latest re-assessment, if it was inconclusive: its successor keeps its due date."""
        latest = self.latest.get(subject)
        return latest if latest and latest.decided and latest.decided.decision == "inconclusive" else None

    def is_failing(self, subject: str) -> bool:
        """Whether the last decision about any of its cells was anything but effective, or was withdrawn."""
        return any(last.decision != "effective" for last in dict(self.decisions.get(subject, ())).values())

    def _decide(self, reassessment: Reassessment) -> None:
        decided, subject = reassessment.decided, reassessment.subject
        self.decided.add(subject)
        if decided is None or not (reassessment.proposal is None or reassessment.landed):
            return
        if reassessment.counts:
            self.latest[subject] = reassessment
        if decided.decision == "inconclusive":
            return
        seq = reassessment.decided_seq or 0
        decisions = list(self.decisions.get(subject, ()))
        decisions += [(cell, CellDecision(seq, decided.decided_on, decided.decision)) for cell in decided.cells]
        if reassessment.withdrawn_seq is not None:
            # Siblings were assessed relying on it, so they are evaluated again.
            withdrawal = CellDecision(reassessment.withdrawn_seq, decided.decided_on, WITHDRAWN)
            decisions += [(cell, withdrawal) for cell in decided.cells]
        self.decisions[subject] = tuple(sorted(decisions, key=lambda pair: pair[1].seq))
        if reassessment.counts:
            depths = list(Depth) if reassessment.depth is Depth.FULL else [Depth.LIGHT]
            for depth in depths:
                self.last[depth] |= {(subject, cell): LastDecision(reassessment, decided) for cell in decided.cells}
