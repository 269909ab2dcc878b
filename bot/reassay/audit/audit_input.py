"""The input of an audit: register and ledger at the first and the last date of a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.queue import scheduled
from reassay.audit.parameters import Period, SampleParameters
from reassay.ledger.entry import Entry, reassessment_of
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.trust import Trust

REDACTED = "(redacted)"
NO_TEXT = "(not a text)"


@dataclass(frozen=True)
class AuditInput:
    """Register and ledger at both dates, the trust in each entry, and the objects that entries name."""

    period: Period
    opening: AssessmentInput
    """As at the end of the first day."""
    closing: AssessmentInput
    """As at the end of the last day."""
    entries: tuple[Entry, ...]
    """The whole ledger in order of seq, including the entries recorded after the period."""
    trust: Trust
    objects: Mapping[str, object]
    """Parsed objects by digest; a missing object was redacted."""
    sample: SampleParameters | None = None

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


def account(number: int | None) -> str:
    """An account by its id, as the ledger records it; "" for None."""
    return "" if number is None else f"account {number}"
