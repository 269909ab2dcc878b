"""Follow-ups of decisions: who does them, by when, who verifies them, and how far they are.

A follow-up is open until somebody else than the person who did it has verified it, whatever its date; it is overdue from the
day after its date. A later decision does not end it. It ends with its decision, if that is withdrawn, and with its mitigation
or commitment, if that is removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from reassay.common.calendar import day_words
from reassay.ledger.follow_ups import FollowUpChecked, FollowUpClaimed, FollowUpDone, FollowUpIssue

if TYPE_CHECKING:
    from reassay.ledger.entry import Decided
    from reassay.ledger.follow_ups import FollowUp
    from reassay.ledger.history import History
    from reassay.ledger.reassessment import LedgerRecord, Reassessment

Progress = Literal["open", "done, not verified", "verified", "withdrawn", "removed"]


@dataclass(frozen=True, slots=True)
class ClaimedFollowUp:
    """The claim of a follow-up's issue."""

    record: LedgerRecord
    claim: FollowUpClaimed
    issue: int | None = None
    """Number of the issue, once recorded."""


@dataclass(frozen=True, slots=True)
class TrackedFollowUp:
    """One follow-up and what was recorded about it."""

    reassessment: str
    """Id of the re-assessment that decided it."""
    number: int
    """Its place among the follow-ups of the decision, from 1."""
    subject: str
    decided_on: date
    decided_seq: int
    promise: FollowUp
    progress: Progress = "open"
    done: LedgerRecord | None = None
    """The last record that it was done; None as long as nobody said so."""
    checked: LedgerRecord | None = None
    """The last record of a check of it; None without one."""
    claimed: ClaimedFollowUp | None = None
    """None as long as no issue was claimed."""

    @property
    def name(self) -> str:
        """`R-2026-001 follow-up 1`."""
        return f"{self.reassessment} follow-up {self.number}"

    @property
    def due(self) -> date:
        """The last day on which it is in time."""
        return self.promise.due

    @property
    def issue(self) -> int | None:
        """Number of its issue; None as long as none is recorded."""
        return self.claimed.issue if self.claimed else None

    @property
    def is_open(self) -> bool:
        """Whether something is left to do: by who does it, or by who verifies it."""
        return self.progress in {"open", "done, not verified"}

    def is_overdue(self, today: date) -> bool:
        """Whether its date has passed while something is left to do."""
        return self.is_open and today > self.due

    def words(self, today: date) -> str:
        """How far it is, as part of a sentence: `due Fri 15 Jan 2027, 3 days overdue, done, not verified`."""
        if not self.is_open:
            return self.progress
        late = (today - self.due).days
        overdue = f", {late} day{'s' * (late != 1)} overdue" if late > 0 else ""
        return f"due {day_words(self.due, year=True)}{overdue}{'' if self.progress == 'open' else f', {self.progress}'}"


def follow_ups_of(history: History) -> Mapping[str, tuple[TrackedFollowUp, ...]]:
    """Every follow-up of a decision in force or withdrawn, by re-assessment, in order of the ledger."""
    records = _Records.of(history)
    return {
        own.id: tuple(_tracked(own, own.decided, records))
        for own in history.reassessments.values()
        if own.decided is not None and own.decided.follow_ups and (own.counts or own.withdrawn_seq is not None)
    }


@dataclass(frozen=True, slots=True)
class _Records:
    """What the ledger has about follow-ups, by re-assessment and number; the last of each."""

    claims: Mapping[tuple[str, int], ClaimedFollowUp]
    done: Mapping[tuple[str, int], LedgerRecord]
    checked: Mapping[tuple[str, int], tuple[LedgerRecord, FollowUpChecked]]

    @staticmethod
    def of(history: History) -> _Records:
        numbers = {body.nonce: body.issue for _, body in history.records_of(FollowUpIssue)}
        return _Records(
            {
                (body.reassessment, body.number): ClaimedFollowUp(record, body, numbers.get(body.nonce))
                for record, body in history.records_of(FollowUpClaimed)
            },
            {(body.reassessment, body.number): record for record, body in history.records_of(FollowUpDone)},
            {(body.reassessment, body.number): (record, body) for record, body in history.records_of(FollowUpChecked)},
        )


def _tracked(own: Reassessment, decided: Decided, records: _Records) -> Iterator[TrackedFollowUp]:
    for number, promise in enumerate(decided.follow_ups, 1):
        key = (own.id, number)
        done, (checked, check) = records.done.get(key), records.checked.get(key, (None, None))
        yield TrackedFollowUp(
            reassessment=own.id,
            number=number,
            subject=own.subject,
            decided_on=decided.decided_on,
            decided_seq=own.decided_seq or 0,
            promise=promise,
            progress=_progress(own, done, check),
            done=done,
            checked=checked,
            claimed=records.claims.get(key),
        )


def _progress(own: Reassessment, done: LedgerRecord | None, check: FollowUpChecked | None) -> Progress:
    if check is not None and check.verified:
        return "verified"
    if own.withdrawn_seq is not None:
        return "withdrawn"
    if " " in own.subject:
        # The id of a subject that was removed; no other has a blank.
        return "removed"
    answered = check is not None and done is not None and check.done_seq == done.seq
    return "open" if done is None or answered else "done, not verified"
