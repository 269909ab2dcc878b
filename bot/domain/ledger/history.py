"""The history: a value object that answers questions about what was recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from bot.domain.ledger.entry import Decided, Entry, Joined, Observation, Opened, Superseded, Trigger
from bot.domain.ledger.keys import KeyAdded, KeyRevoked
from bot.domain.ledger.waived import Waived
from bot.domain.register.base import Depth


@dataclass(frozen=True, slots=True)
class Reassessment:
    """One re-assessment as the entries add up to it."""

    opened: Opened
    opened_seq: int
    opened_at: datetime
    opened_signed: bool
    """Whether that entry carries the signature of the ledger's key."""
    cells: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    due: date
    depth: Depth
    issue: int | None = None
    """Number of its issue, once recorded."""
    state: Literal["open", "decided", "superseded"] = "open"
    closed_at: datetime | None = None
    decided: Decided | None = None
    decided_by: int | None = None
    decided_seq: int | None = None
    superseded: Superseded | None = None

    @property
    def id(self) -> str:
        """For example R-2026-001."""
        return self.opened.reassessment

    @property
    def subject(self) -> str:
        """Id of the mitigation, or of the commitment."""
        return self.opened.subject


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
    confirmed_in: tuple[int, int] | None
    """Comment, and which command of it."""


def _waiver(body: Waived, entry: Entry) -> RecordedWaiver:
    comment = (entry.comment.id, entry.comment.index) if entry.comment else None
    return RecordedWaiver(body, body.subject, entry.seq, comment)


@dataclass(frozen=True, slots=True)
class History:
    """Everything recorded up to some instant."""

    reassessments: Mapping[str, Reassessment] = field(default_factory=dict)
    """By id, in order of opening."""
    handled: frozenset[tuple[int, int]] = frozenset()
    """Commands that already have an entry: (comment id, which command of it)."""
    seq: int = 0
    """Of the last entry; 0 for an empty ledger."""
    waivers: tuple["RecordedWaiver", ...] = ()
    """In order of recording."""
    signed: bool = False
    """Whether the last entry carries the signature of the ledger's key."""

    @staticmethod
    def of(entries: Iterable[Entry], *, until: datetime | None = None) -> "History":
        """Fold `entries`, in order of seq; those recorded after `until` are ignored."""
        history = History()
        for entry in entries:
            if until is None or entry.recorded_at <= until:
                history = history.add(entry)
        return history

    def add(self, entry: Entry) -> "History":
        """The history with one more entry. An entry about an unknown re-assessment changes nothing."""
        known = dict(self.reassessments)
        body = entry.body
        if isinstance(body, Opened):
            known[body.reassessment] = Reassessment(
                opened=body,
                opened_seq=entry.seq,
                opened_at=entry.recorded_at,
                opened_signed=entry.signed,
                cells=body.cells,
                triggers=body.triggers,
                due=body.due,
                depth=body.depth,
            )
        elif isinstance(body, Observation):
            for seen in body.issues:
                if seen.reassessment in known:
                    known[seen.reassessment] = replace(known[seen.reassessment], issue=seen.issue)
        elif isinstance(body, KeyAdded | KeyRevoked | Waived):
            pass  # says nothing of how a re-assessment stands
        elif body.reassessment in known:
            known[body.reassessment] = _changed(known[body.reassessment], entry)
        command = {(entry.comment.id, entry.comment.index)} if entry.comment else set()
        waivers = (*self.waivers, _waiver(body, entry)) if isinstance(body, Waived) else self.waivers
        return History(known, self.handled | command, entry.seq, waivers, entry.signed)

    def renamed(self, names: Mapping[str, str]) -> "History":
        """The same history under present ids; `names` is former id to present id. The entries stay as they are."""
        if not names.keys() & {each.subject for each in self.reassessments.values()}:
            return self
        waivers = tuple(replace(each, subject=names.get(each.subject, each.subject)) for each in self.waivers)
        known = {name: _called(each, names) for name, each in self.reassessments.items()}
        return replace(self, reassessments=known, waivers=waivers)

    @property
    def open(self) -> tuple[Reassessment, ...]:
        """Re-assessments not decided and not superseded, in order of opening."""
        return tuple(each for each in self.reassessments.values() if each.state == "open")

    def open_for(self, subject: str) -> Reassessment | None:
        """The open re-assessment of a subject; there is at most one."""
        return next((each for each in self.open if each.subject == subject), None)

    def closed_since(self, instant: datetime) -> tuple[Reassessment, ...]:
        """Those decided or superseded at or after `instant`: their issues may still need closing."""
        return tuple(
            each for each in self.reassessments.values() if each.closed_at is not None and each.closed_at >= instant
        )

    def last_decisions(self, depth: Depth = Depth.LIGHT) -> Mapping[tuple[str, str], LastDecision]:
        """By (subject, cell), the last decision at least so deep that covered it.

        Inconclusive ones move no clock: not counted.
        """
        found: dict[tuple[str, str], LastDecision] = {}
        for each in sorted(self.reassessments.values(), key=lambda each: each.decided_seq or 0):
            deep_enough = depth is Depth.LIGHT or each.depth is Depth.FULL
            if each.decided is not None and deep_enough and each.decided.decision != "inconclusive":
                found |= {(each.subject, cell): LastDecision(each, each.decided) for cell in each.decided.cells}
        return found

    def last_inconclusive(self, subject: str) -> Reassessment | None:
        """The subject's latest re-assessment, if it was inconclusive: its successor keeps its due date."""
        latest = [each for each in self.reassessments.values() if each.subject == subject and each.decided]
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


def _changed(known: Reassessment, entry: Entry) -> Reassessment:
    match entry.body:
        case Joined() as joined if known.state == "open":
            return replace(
                known,
                cells=joined.cells,
                triggers=(*known.triggers, *joined.triggers),
                due=min(known.due, joined.due),
                depth=joined.depth,
            )
        case Decided() as decided if known.state == "open":
            return replace(
                known,
                state="decided",
                decided=decided,
                decided_by=entry.actor,
                decided_seq=entry.seq,
                closed_at=entry.recorded_at,
            )
        case Superseded() as superseded if known.state == "open":
            return replace(known, state="superseded", superseded=superseded, closed_at=entry.recorded_at)
        case _:
            return known
