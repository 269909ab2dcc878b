"""The history of a ledger: all re-assessments and records, as a value with queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from reassay.ledger.deferrals import Waived
from reassay.ledger.entry import Decided, Entry, Observation, Opened, reassessment_of
from reassay.ledger.reassessment import BodyT, LedgerRecord, Reassessment, numbers_of, opened
from reassay.ledger.sweep_records import Removed
from reassay.register.base import Depth

CLOCKS_APART = timedelta(minutes=2)
"""How far the clocks of runs may be from each other and from GitHub's."""

__all__ = ["History", "LastDecision", "LedgerRecord", "Reassessment", "RecordedWaiver"]


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The last decision that moved the clock of a cell."""

    reassessment: Reassessment
    decided: Decided


@dataclass(frozen=True, slots=True)
class RecordedWaiver:
    """A waiver with its ledger entry."""

    waived: Waived
    subject: str
    """Present id of the subject."""
    seq: int


@dataclass(frozen=True, slots=True)
class History:
    """Everything recorded until an instant."""

    reassessments: Mapping[str, Reassessment] = field(default_factory=dict)
    """By id, in order of opening."""
    handled: Mapping[tuple[int, int], tuple[LedgerRecord, ...]] = field(default_factory=dict)
    """Comment id and number of the command -> records that it led to."""
    seq: int = 0
    """Seq of the last entry; 0 for an empty ledger."""
    others: tuple[LedgerRecord, ...] = ()
    """Records that belong to no re-assessment of this history."""
    enforced: bool = False
    """Whether the last sign of life of a sweep was recorded in mode `enforce`."""
    signed: bool = False
    """Whether the last entry is signed with the ledger's key."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Former id -> present id."""
    ended: Mapping[str, LedgerRecord] = field(default_factory=dict)
    """By id, the last record that says that its mitigation or commitment was removed."""

    @staticmethod
    def of(entries: Iterable[Entry], *, until: datetime | None = None) -> History:
        """The history of entries in order of seq, without those recorded after `until`."""
        return History().with_entries(entry for entry in entries if until is None or entry.recorded_at <= until)

    def add(self, entry: Entry) -> History:
        """The history with one more entry. An entry about an unknown re-assessment changes nothing."""
        return self.with_entries((entry,))

    def with_entries(self, entries: Iterable[Entry]) -> History:
        """The history with further entries, in order of seq."""
        reassessments, handled, others = dict(self.reassessments), dict(self.handled), list(self.others)
        seq, signed, enforced, ended = self.seq, self.signed, self.enforced, dict(self.ended)
        for entry in entries:
            seq, signed = entry.seq, entry.signed
            record = LedgerRecord.of(entry)
            if isinstance(entry.body, Observation) and entry.body.swept:
                enforced = entry.mode == "enforce"
            elif isinstance(entry.body, Removed):
                ended |= dict.fromkeys(entry.body.subjects, record)
            name = reassessment_of(entry.body)
            if isinstance(entry.body, Opened) and name not in reassessments:
                reassessments[entry.body.reassessment] = _with_present_id(opened(entry, entry.body), self)
            elif name in reassessments:
                reassessments[name] = reassessments[name].add(record)
            else:
                others.append(record)
            for number in numbers_of(entry.body):
                if number[0] in reassessments:
                    reassessments[number[0]] = replace(reassessments[number[0]], issue=number[1])
            if entry.comment is not None:
                key = (entry.comment.id, entry.comment.index)
                handled[key] = (*handled.get(key, ()), record)
        later = History(reassessments, handled, seq, tuple(others), enforced, signed, self.names, ended)
        return later if ended == self.ended else later.detached()

    def renamed(self, names: Mapping[str, str]) -> History:
        """The history with present ids; `names` maps former to present ids. Entries do not change."""
        return self if names == self.names or not names else replace(self, names=names).detached()

    def detached(self) -> History:
        """The history in which re-assessments have present ids, and those of an id's ended life belong to nobody."""
        reassessments = {
            name: _with_present_id(reassessment, self) for name, reassessment in self.reassessments.items()
        }
        return replace(self, reassessments=reassessments)

    def present(self, subject: str, seq: int | None = None) -> str:
        """The present id of a subject as entry `seq` names it; an id that nobody has if its life ended after that."""
        end = self.ended.get(subject)
        if end is not None and seq is not None and seq < end.seq:
            return f"{subject}{_ENDED}"
        return self.names.get(subject, subject)

    def end_of(self, subject: str, formerly: Iterable[str] = ()) -> tuple[str, LedgerRecord] | None:
        """The id that a subject claims although its life has ended, and the record of that; None if it claims none."""
        return next(((name, self.ended[name]) for name in (subject, *formerly) if name in self.ended), None)

    @property
    def open(self) -> tuple[Reassessment, ...]:
        """Open re-assessments, in order of opening."""
        return tuple(reassessment for reassessment in self.reassessments.values() if reassessment.state == "open")

    def open_for(self, subject: str) -> Reassessment | None:
        """The open re-assessment of a subject's content in force, of which there is at most one; None without one."""
        return next(
            (
                reassessment
                for reassessment in self.open
                if reassessment.subject == subject and reassessment.proposal is None
            ),
            None,
        )

    def opened_from(self, pull: int) -> tuple[Reassessment, ...]:
        """Re-assessments of a pull request's proposed content, in order of opening."""
        return tuple(
            reassessment
            for reassessment in self.reassessments.values()
            if reassessment.proposal is not None and reassessment.proposal.pull == pull
        )

    @property
    def proposals(self) -> tuple[int, ...]:
        """Pull requests with re-assessments that are open, or decided without a recorded outcome of the pull request."""
        waiting = (
            reassessment.proposal.pull
            for reassessment in self.reassessments.values()
            if reassessment.proposal
            and (reassessment.state == "open" or (reassessment.decided and reassessment.landed is None))
        )
        return tuple(sorted(set(waiting)))

    def closed_since(self, instant: datetime) -> tuple[Reassessment, ...]:
        """Re-assessments closed or corrected since `instant`, whose issues may need an update."""
        return tuple(
            reassessment
            for reassessment in self.reassessments.values()
            if reassessment.closed_at is not None
            and (reassessment.closed_at >= instant or any(record.at >= instant for record in reassessment.log[-3:]))
        )

    def records_of(self, kind: type[BodyT]) -> Iterator[tuple[LedgerRecord, BodyT]]:
        """Records of one kind, of all re-assessments and of the repository, in order of the ledger."""
        every = [
            record
            for reassessment in self.reassessments.values()
            for record in reassessment.log
            if isinstance(record.body, kind)
        ]
        every += [record for record in self.others if isinstance(record.body, kind)]
        return ((record, record.body) for record in sorted(every, key=lambda record: record.seq))  # type: ignore[misc] # chosen by kind

    @property
    def waivers(self) -> tuple[RecordedWaiver, ...]:
        """Waivers, in order of recording."""
        if not self.seq:
            return ()
        return tuple(
            RecordedWaiver(waived, self.present(waived.subject, record.seq), record.seq)
            for record, waived in self.records_of(Waived)
        )

    @property
    def last_sweep(self) -> datetime | None:
        """The time of the last sweep; None without one."""
        sweeps = [record.at for record, seen in self.records_of(Observation) if seen.swept]
        return sweeps[-1] if sweeps else None

    def last_sweep_until(self, now: datetime) -> datetime | None:
        """The time of the last sweep that is not dated ahead of `now`, by a clock that was wrong; None without one.

        `now` where all of them are.
        """
        sweeps = [record.at for record, seen in self.records_of(Observation) if seen.swept]
        return next((at for at in reversed(sweeps) if at <= now + CLOCKS_APART), now if sweeps else None)

    def last_decisions(self, depth: Depth = Depth.LIGHT) -> Mapping[tuple[str, str], LastDecision]:
        """Subject and cell -> the last decision of at least `depth` that covered it.

        Inconclusive decisions move no clock, and withdrawn ones do not count, so both are left out.
        """
        decisions: dict[tuple[str, str], LastDecision] = {}
        for reassessment in sorted(self.reassessments.values(), key=lambda reassessment: reassessment.decided_seq or 0):
            deep_enough = depth is Depth.LIGHT or reassessment.depth is Depth.FULL
            if (
                reassessment.decided is not None
                and reassessment.counts
                and deep_enough
                and reassessment.decided.decision != "inconclusive"
            ):
                decisions |= {
                    (reassessment.subject, cell): LastDecision(reassessment, reassessment.decided)
                    for cell in reassessment.decided.cells
                }
        return decisions

    def last_inconclusive(self, subject: str) -> Reassessment | None:
        """The subject's latest re-assessment if it was inconclusive, because its successor keeps the due date; else None."""
        latest = [
            reassessment
            for reassessment in self.reassessments.values()
            if reassessment.subject == subject and reassessment.counts
        ]
        last = max(latest, key=lambda reassessment: reassessment.decided_seq or 0, default=None)
        return last if last and last.decided and last.decided.decision == "inconclusive" else None

    def by_issue(self, number: int) -> Reassessment | None:
        """The re-assessment of an issue; None if it has none."""
        return next(
            (reassessment for reassessment in self.reassessments.values() if reassessment.issue == number), None
        )

    def next_id(self, year: int) -> str:
        """The next free id: R-<year>-<count>."""
        used = [
            int(reassessment.rsplit("-", 1)[1])
            for reassessment in self.reassessments
            if reassessment.startswith(f"R-{year}-")
        ]
        return f"R-{year}-{max(used, default=0) + 1:03d}"


_ENDED: Final = " (removed)"
"""After an id whose life has ended; no id has a space."""


def _with_present_id(reassessment: Reassessment, history: History) -> Reassessment:
    present = history.present(reassessment.subject, reassessment.opened_seq)
    if present == reassessment.subject:
        return reassessment
    decided = reassessment.decided.model_copy(update={"subject": present}) if reassessment.decided else None
    return replace(reassessment, opened=reassessment.opened.model_copy(update={"subject": present}), decided=decided)
