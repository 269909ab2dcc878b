"""The history: a value object that answers questions about what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from reassay.ledger.deferring import Waived
from reassay.ledger.entry import Decided, Entry, Observation, Opened, reassessment_of
from reassay.ledger.reassessment import BodyT, Noted, Reassessment, numbers_of, opened
from reassay.register.base import Depth

__all__ = ["History", "LastDecision", "Noted", "Reassessment", "RecordedWaiver"]


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The last decision that moved a cell's clock."""

    reassessment: Reassessment
    decided: Decided


@dataclass(frozen=True, slots=True)
class RecordedWaiver:
    """A waiver, and the comment that confirmed it."""

    waived: Waived
    subject: str
    """By its present id."""
    seq: int


@dataclass(frozen=True, slots=True)
class History:
    """Everything recorded up to some instant."""

    reassessments: Mapping[str, Reassessment] = field(default_factory=dict)
    """By id, in order of opening."""
    handled: Mapping[tuple[int, int], tuple[Noted, ...]] = field(default_factory=dict)
    """What commands led to: (comment id, which command of it) to records."""
    seq: int = 0
    """Of the last entry; 0 for an empty ledger."""
    others: tuple[Noted, ...] = ()
    """Records about the repository, and about no re-assessment that is known."""
    enforced: bool = False
    """Whether the last sign of life of a sweep was given in mode `enforce`."""
    signed: bool = False
    """Whether the last entry carries the signature of the ledger's key."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Former id to present id."""

    @staticmethod
    def of(entries: Iterable[Entry], *, until: datetime | None = None) -> History:
        """Fold `entries`, in order of seq; those recorded after `until` are ignored."""
        return History().with_entries(entry for entry in entries if until is None or entry.recorded_at <= until)

    def add(self, entry: Entry) -> History:
        """The history with one more entry. An entry about an unknown re-assessment changes nothing."""
        return self.with_entries((entry,))

    def with_entries(self, entries: Iterable[Entry]) -> History:
        """The history with further entries, in order of seq."""
        known, handled, others = dict(self.reassessments), dict(self.handled), list(self.others)
        seq, signed, enforced = self.seq, self.signed, self.enforced
        for entry in entries:
            seq, signed = entry.seq, entry.signed
            noted = Noted.of(entry)
            if isinstance(entry.body, Observation) and entry.body.swept:
                enforced = entry.mode == "enforce"
            name = reassessment_of(entry.body)
            if isinstance(entry.body, Opened) and name not in known:
                known[entry.body.reassessment] = _called(opened(entry, entry.body), self.names)
            elif name in known:
                known[name] = known[name].add(noted)
            else:
                others.append(noted)
            for number in numbers_of(entry.body):
                if number[0] in known:
                    known[number[0]] = replace(known[number[0]], issue=number[1])
            if entry.comment is not None:
                key = (entry.comment.id, entry.comment.index)
                handled[key] = (*handled.get(key, ()), noted)
        return History(known, handled, seq, tuple(others), enforced, signed, self.names)

    def renamed(self, names: Mapping[str, str]) -> History:
        """The same history under present ids; `names` is former id to present id. The entries stay as they are."""
        if names == self.names or not names:
            return self
        known = {name: _called(each, names) for name, each in self.reassessments.items()}
        return replace(self, reassessments=known, names=names)

    def present(self, subject: str) -> str:
        """The present id of something recorded under a former one."""
        return self.names.get(subject, subject)

    @property
    def open(self) -> tuple[Reassessment, ...]:
        """Re-assessments not decided and not closed otherwise, in order of opening."""
        return tuple(each for each in self.reassessments.values() if each.state == "open")

    def open_for(self, subject: str) -> Reassessment | None:
        """The open re-assessment of a subject as it is in force; there is at most one."""
        return next((each for each in self.open if each.subject == subject and each.proposal is None), None)

    def opened_from(self, pull: int) -> tuple[Reassessment, ...]:
        """Re-assessments of what a pull request would merge, in order of opening."""
        return tuple(
            each for each in self.reassessments.values() if each.proposal is not None and each.proposal.pull == pull
        )

    @property
    def proposals(self) -> tuple[int, ...]:
        """Pull requests whose re-assessments are open, or decided and not landed: what became of them matters."""
        waiting = (
            each.proposal.pull
            for each in self.reassessments.values()
            if each.proposal and (each.state == "open" or (each.decided and each.landed is None))
        )
        return tuple(sorted(set(waiting)))

    def closed_since(self, instant: datetime) -> tuple[Reassessment, ...]:
        """Those closed at or after `instant`, or corrected since: their issues may still need words."""
        return tuple(
            each
            for each in self.reassessments.values()
            if each.closed_at is not None
            and (each.closed_at >= instant or any(noted.at >= instant for noted in each.log[-3:]))
        )

    def noted(self, kind: type[BodyT]) -> Iterator[tuple[Noted, BodyT]]:
        """Records of one kind, of all re-assessments and of the repository, in order of the ledger."""
        every = [each for one in self.reassessments.values() for each in one.log if isinstance(each.body, kind)]
        every += [each for each in self.others if isinstance(each.body, kind)]
        return ((each, each.body) for each in sorted(every, key=lambda each: each.seq))  # type: ignore[misc] # chosen by kind

    @property
    def waivers(self) -> tuple[RecordedWaiver, ...]:
        """In order of recording."""
        if not self.seq:
            return ()
        return tuple(
            RecordedWaiver(waived, self.present(waived.subject), noted.seq) for noted, waived in self.noted(Waived)
        )

    @property
    def last_sweep(self) -> datetime | None:
        """When a sweep last gave a sign of life."""
        found = [noted.at for noted, seen in self.noted(Observation) if seen.swept]
        return found[-1] if found else None

    def last_decisions(self, depth: Depth = Depth.LIGHT) -> Mapping[tuple[str, str], LastDecision]:
        """By (subject, cell), the last decision at least so deep that covered it.

        Inconclusive ones move no clock, and withdrawn ones count for nothing: not counted.
        """
        found: dict[tuple[str, str], LastDecision] = {}
        for each in sorted(self.reassessments.values(), key=lambda each: each.decided_seq or 0):
            deep_enough = depth is Depth.LIGHT or each.depth is Depth.FULL
            if each.decided is not None and each.counts and deep_enough and each.decided.decision != "inconclusive":
                found |= {(each.subject, cell): LastDecision(each, each.decided) for cell in each.decided.cells}
        return found

    def last_inconclusive(self, subject: str) -> Reassessment | None:
        """The subject's latest re-assessment, if it was inconclusive: its successor keeps its due date."""
        latest = [each for each in self.reassessments.values() if each.subject == subject and each.counts]
        last = max(latest, key=lambda each: each.decided_seq or 0, default=None)
        return last if last and last.decided and last.decided.decision == "inconclusive" else None

    def by_issue(self, number: int) -> Reassessment | None:
        """The re-assessment that an issue shows."""
        return next((each for each in self.reassessments.values() if each.issue == number), None)

    def next_id(self, year: int) -> str:
        """An id that was never used: R-<year>-<count>."""
        used = [int(each.rsplit("-", 1)[1]) for each in self.reassessments if each.startswith(f"R-{year}-")]
        return f"R-{year}-{max(used, default=0) + 1:03d}"


def _called(each: Reassessment, names: Mapping[str, str]) -> Reassessment:
    present = names.get(each.subject)
    if present is None:
        return each
    decided = each.decided.model_copy(update={"subject": present}) if each.decided else None
    return replace(each, opened=each.opened.model_copy(update={"subject": present}), decided=decided)
