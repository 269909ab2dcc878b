"""The input of an audit: register and ledger at the first and the last date of a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.queue import scheduled
from reassay.audit.branch_merges import BranchMerge
from reassay.audit.parameters import Period, SampleParameters
from reassay.ledger.answers import Withdrawn
from reassay.ledger.entry import Entry, Observation, reassessment_of
from reassay.ledger.history import History
from reassay.ledger.pull_requests import ChangeWithdrawn
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.sweep_records import BypassClaimed, RoleChanged
from reassay.ledger.trust import Trust
from reassay.people.people import logins_written
from reassay.register.pins import bare, pinned
from reassay.sweep.known_names import name_digest

REDACTED = "(redacted)"
NO_TEXT = "(not a text)"


@dataclass(frozen=True)
class AuditInput:
    """Register and ledger at both dates, the trust in each entry, and the objects that entries name."""

    period: Period
    opening: AssessmentInput
    """Register and ledger at the end of the first day."""
    closing: AssessmentInput
    """Register and ledger at the end of the last day."""
    entries: tuple[Entry, ...]
    """The whole ledger in order of seq, including the entries recorded after the period."""
    trust: Trust
    objects: Mapping[str, object]
    """Parsed objects by digest; a missing object was redacted."""
    sample: SampleParameters | None = None
    merges: tuple[BranchMerge, ...] = ()
    """Merges on the register's branch, newest first, also those after the period."""

    @cached_property
    def until_end(self) -> tuple[Entry, ...]:
        """Entries recorded until the period's end."""
        return tuple(entry for entry in self.entries if entry.recorded_at <= self.period.closing)

    @cached_property
    def in_period(self) -> tuple[Entry, ...]:
        """Entries recorded in the period."""
        return tuple(entry for entry in self.until_end if self.period.contains(entry.recorded_at))

    @cached_property
    def after_end(self) -> tuple[Entry, ...]:
        """Entries recorded after the period. No figure counts them."""
        return tuple(entry for entry in self.entries if entry.recorded_at > self.period.closing)

    @cached_property
    def last_entry_at(self) -> datetime:
        """When the ledger was last written to: nothing is known of what happened after that."""
        return max(entry.recorded_at for entry in self.entries)

    @property
    def covered_until(self) -> date:
        """The last day of the period of which the ledger knows something; a day before the period if of none."""
        return min(self.period.end, self.period.day(self.last_entry_at))

    @property
    def is_covered(self) -> bool:
        """Whether the ledger reaches to the end of the period."""
        return self.covered_until == self.period.end

    @property
    def history(self) -> History:
        """The history until the period's end, with the ids of that day."""
        return self.closing.history

    @cached_property
    def opening_cells(self) -> tuple[CellStatus, ...]:
        """The population at the first date."""
        return scheduled(self.opening)

    @cached_property
    def closing_cells(self) -> tuple[CellStatus, ...]:
        """The population at the last date."""
        return scheduled(self.closing)

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Reassessment, ...]]:
        """Re-assessments by the present id of their subject, in order of opening."""
        grouped: dict[str, list[Reassessment]] = {}
        for reassessment in self.history.reassessments.values():
            grouped.setdefault(reassessment.subject, []).append(reassessment)
        return {subject: tuple(own) for subject, own in grouped.items()}

    @cached_property
    def withdrawals(self) -> tuple[Entry, ...]:
        """Entries until the end of the period by which somebody took back answers or signatures."""
        return tuple(entry for entry in self.until_end if isinstance(entry.body, Withdrawn | ChangeWithdrawn))

    @cached_property
    def bypassed_subjects(self) -> Mapping[str, tuple[str, ...]]:
        """Mitigations and commitments that the gate's bypasses changed, by commit; of commits that were reported together all."""
        claims = (entry.body for entry in self.until_end if isinstance(entry.body, BypassClaimed))
        return {commit: claim.subjects for claim in claims for commit in claim.commits}

    @cached_property
    def logins(self) -> Mapping[int, str]:
        """Logins by account id, of the accounts that the registers name: pinned there, or observed by a sweep.

        Also of a role with one user and, by the ledger, one holder.
        """
        observed: dict[str, int] = {}
        for entry in self.until_end:
            if isinstance(entry.body, Observation):
                observed |= {name.name: name.id for name in entry.body.names}
        logins: dict[int, str] = {}
        for side in (self.opening, self.closing):
            logins |= self._only_holders(side)
            for written in sorted(logins_written(side.register)):
                number = pinned(written) or observed.get(name_digest(bare(written)))
                if number is not None:
                    logins[number] = bare(written)
        return logins

    def _only_holders(self, side: AssessmentInput) -> Mapping[int, str]:
        """The login of each role that has one user and, as last recorded by then, one holder."""
        recorded = {
            entry.body.role: entry.body
            for entry in self.until_end
            if isinstance(entry.body, RoleChanged) and entry.recorded_at <= side.now
        }
        return {
            recorded[name].people[0]: bare(role.users[0])
            for name, role in side.register.configuration.roles.items()
            if len(role.users) == 1 and not role.teams and name in recorded
            if len(recorded[name].people) == 1 and not recorded[name].unresolved
        }

    def person(self, number: int | None) -> str:
        """An account as `login (id)`, or `account ID` where no login of it is known; "" for None."""
        if number is None:
            return ""
        login = self.logins.get(number)
        return f"{login} ({number})" if login else f"account {number}"

    def day(self, entry: Entry) -> date:
        """The calendar date on which an entry was recorded."""
        return self.period.day(entry.recorded_at)

    def reassessment(self, entry: Entry) -> Reassessment | None:
        """The re-assessment that an entry belongs to, in its state at the end of the period; None if it belongs to none."""
        return self.history.reassessments.get(reassessment_of(entry.body) or "")

    def text(self, digest: str | None) -> str:
        """The text with a digest: "" without a digest, `(redacted)` if the text was removed from the ledger."""
        if digest is None:
            return ""
        if digest not in self.objects:
            return REDACTED
        text = self.objects[digest]
        return text if isinstance(text, str) else NO_TEXT
