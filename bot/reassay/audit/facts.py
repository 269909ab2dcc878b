"""Everything the figures are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reassay.assessment.cells import CellStatus, Situation
from reassay.assessment.schedule.queue import scheduled
from reassay.audit.period import Period
from reassay.ledger.entry import Entry, reassessment_of
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.trust import Trust

REDACTED = "(redacted)"
NO_TEXT = "(not a text)"


@dataclass(frozen=True, slots=True)
class SampleAsked:
    """How many decisions to draw, and by which seed."""

    size: int
    seed: str


@dataclass(frozen=True)
class Facts:
    """Register and ledger at both dates, and what is known of the entries."""

    period: Period
    opening: Situation
    """As at the end of the first day."""
    closing: Situation
    """As at the end of the last day."""
    entries: tuple[Entry, ...]
    """The whole ledger, in order of seq, what was recorded after the period included."""
    trust: Trust
    objects: Mapping[str, object]
    """Parsed objects by digest; one that is missing was redacted."""
    sample: SampleAsked | None = None

    @cached_property
    def known(self) -> tuple[Entry, ...]:
        """Entries recorded until the period's end."""
        return tuple(each for each in self.entries if each.recorded_at <= self.period.closing)

    @cached_property
    def recorded(self) -> tuple[Entry, ...]:
        """Entries recorded in the period."""
        return tuple(each for each in self.known if self.period.holds(each.recorded_at))

    @cached_property
    def later(self) -> tuple[Entry, ...]:
        """Entries recorded after the period: in no figure."""
        return tuple(each for each in self.entries if each.recorded_at > self.period.closing)

    @property
    def history(self) -> History:
        """What was recorded until the period's end, under the ids of that day."""
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
        """Every re-assessment, by the present id of its subject, in order of opening."""
        found: dict[str, list[Reassessment]] = {}
        for each in self.history.reassessments.values():
            found.setdefault(each.subject, []).append(each)
        return {subject: tuple(own) for subject, own in found.items()}

    def day(self, entry: Entry) -> date:
        """The calendar date on which an entry was recorded."""
        return self.period.day(entry.recorded_at)

    def reassessment(self, entry: Entry) -> Reassessment | None:
        """The re-assessment that an entry is about, as it stood at the end of the period."""
        return self.history.reassessments.get(reassessment_of(entry.body) or "")

    def text(self, digest: str | None) -> str:
        """What somebody wrote; "" if nothing, `(redacted)` if it was removed from the ledger."""
        if digest is None:
            return ""
        if digest not in self.objects:
            return REDACTED
        found = self.objects[digest]
        return found if isinstance(found, str) else NO_TEXT


def account(number: int | None) -> str:
    """An account as the ledger knows it; "" for nobody."""
    return "" if number is None else f"account {number}"
