"""The ledger's history by subject and cell: what triggers, the queue and pacing ask of it, computed once for all cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from reassay.ledger.history import History, LastDecision
from reassay.ledger.reassessment import Reassessment
from reassay.register.base import Depth

WITHDRAWN = "withdrawn"
"""The decision that a sibling sees in place of one that was withdrawn."""


@dataclass(frozen=True, slots=True)
class CellDecision:
    """One decision about one cell, as a sibling looks at it."""

    seq: int
    """Of its ledger entry."""
    on: date
    decision: str


@dataclass(slots=True)
class HistoryIndex:
    """Indices over all re-assessments. Everybody reads them; only `of` and a forecast call `put`."""

    reassessments: dict[str, Reassessment] = field(default_factory=dict)
    """By id."""
    opened: dict[str, Reassessment] = field(default_factory=dict)
    """By subject, its open re-assessment; those of pull requests are left out."""
    last: dict[Depth, dict[tuple[str, str], LastDecision]] = field(
        default_factory=lambda: {depth: {} for depth in Depth}
    )
    """By (subject, cell), the last decision at least so deep; see `History.last_decisions`."""
    latest: dict[str, Reassessment] = field(default_factory=dict)
    """By subject, the re-assessment that was decided last and counts, be it inconclusive."""
    decisions: dict[str, tuple[tuple[str, CellDecision], ...]] = field(default_factory=dict)
    """By subject, its decisions as (cell, decision) in order of the ledger; inconclusive ones are left out."""
    decided: set[str] = field(default_factory=set)
    """Subjects of which any re-assessment was decided."""
    paced: dict[str, Reassessment] = field(default_factory=dict)
    """By id, those that the pacing of a first run counts."""
    numbers: dict[str, int] = field(default_factory=dict)
    """By year, the highest number that an id has."""

    @staticmethod
    def of(history: History) -> HistoryIndex:
        """From everything that was recorded."""
        index = HistoryIndex()
        for reassessment in sorted(history.reassessments.values(), key=lambda one: one.decided_seq or 0):
            index.put(reassessment)
        return index

    def put(self, reassessment: Reassessment) -> None:
        """Takes in a re-assessment as it is now, in place of what it was. Decisions come in order of the ledger."""
        self.reassessments[reassessment.id] = reassessment
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

    def next_id(self, year: int, offset: int = 0) -> str:
        """An id that was never used, `R-<year>-<count>`; with `offset` the one so many after it."""
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
        known = list(self.decisions.get(subject, ()))
        known += [(cell, CellDecision(seq, decided.decided_on, decided.decision)) for cell in decided.cells]
        if reassessment.withdrawn_seq is not None:
            # What stood beside it was assessed believing it: that is looked at again.
            gone = CellDecision(reassessment.withdrawn_seq, decided.decided_on, WITHDRAWN)
            known += [(cell, gone) for cell in decided.cells]
        self.decisions[subject] = tuple(sorted(known, key=lambda pair: pair[1].seq))
        if reassessment.counts:
            depths = list(Depth) if reassessment.depth is Depth.FULL else [Depth.LIGHT]
            for depth in depths:
                self.last[depth] |= {(subject, cell): LastDecision(reassessment, decided) for cell in decided.cells}
