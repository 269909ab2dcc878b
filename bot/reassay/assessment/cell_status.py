"""The status of one cell: its state by the last verdict, or by dates and triggers, with its last assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, Result

if TYPE_CHECKING:
    from reassay.assessment.unreadable import UnreadableObject
    from reassay.ledger.reassessment import Reassessment


class State(StrEnum):
    """The state of a cell. `URGENCY` is the order in which views list them."""

    UNREADABLE = "unreadable"
    WITHDRAW_ORDERED = "withdraw-ordered"
    RESTRICT_ORDERED = "restrict-ordered"
    INEFFECTIVE = "ineffective"
    OVERDUE = "overdue"
    DUE = "due"
    TRIGGERED = "triggered"
    EXTENDED = "extended"
    ACCEPTANCE_EXPIRED = "acceptance-expired"
    EVIDENCE_STALE = "evidence-stale"
    UNASSESSED = "unassessed"
    DEGRADED = "degraded"
    DUE_SOON = "due-soon"
    UNKNOWN = "unknown"
    CURRENT = "current"
    RETIRED = "retired"


URGENCY: Final = tuple(State)
"""Every state, most urgent first, as declared: what cannot be read may be anything, then what people ordered, then what was
judged, then what is late by its dates."""
ORDERED: Final = frozenset({State.WITHDRAW_ORDERED, State.RESTRICT_ORDERED})
"""A decision about the deployment that nobody has carried out yet."""
_FINE: Final = frozenset({State.CURRENT, State.DUE_SOON})
_NOTHING_WRONG: Final = frozenset({State.CURRENT, State.DUE_SOON, State.RETIRED})
ANY: Final = "any"
"""Selects every cell with anything wrong."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order about the deployment of a cell that nobody has carried out yet."""

    record: str
    """Id of the re-assessment that ordered it."""
    action: Literal["restrict", "withdraw"]
    words: str
    """The order and what is left to do, as the beginning of a sentence."""


@dataclass(frozen=True, slots=True)
class CellStatus:
    """The evaluated state of one cell, with its reason and its last assessment."""

    subject: str
    """Id of the mitigation, or of a commitment with a clock of its own."""
    cell: str
    state: State
    """What is most urgent: that it cannot be read, an order that is not carried out, an ineffective verdict, or `clock`."""
    due: date | None
    """The day by which it must be decided; None if no trigger gives one."""
    reason: str
    results: tuple[Result, ...]
    last: LastAssessment | None
    open: Reassessment | None
    """The open re-assessment that covers it."""
    scheduled: date | None = None
    """Earliest day on which pacing lets its first re-assessment open."""
    kind: Literal["mitigation", "commitment"] = "mitigation"
    """Whether the subject is a mitigation or a commitment."""
    timing: State | None = None
    """The state by dates and triggers where the last verdict is more urgent; None where `state` is that state."""
    order: OpenOrder | None = None
    """The order about its deployment that is not carried out; None without one."""
    unreadable: UnreadableObject | None = None
    """What cannot be read of its subject, in state `unreadable`; None in every other state."""

    @property
    def clock(self) -> State:
        """The state by dates and triggers alone."""
        return self.timing or self.state

    @property
    def due_at(self) -> datetime | None:
        """The instant at which it is due, if the trigger that sets its due date has an hour; None otherwise."""
        return min((fired.due_at for fired in self.fired if fired.due_at and fired.due == self.due), default=None)

    @property
    def fired(self) -> tuple[Fired, ...]:
        """The triggers that have fired."""
        return tuple(result for result in self.results if isinstance(result, Fired))

    @property
    def is_blind(self) -> bool:
        """Whether a trigger lacks the data that it needs."""
        return any(isinstance(result, Blind) for result in self.results)

    @property
    def is_effective(self) -> bool:
        """Whether it reads effective: found so last, current or due soon, and no trigger is blind."""
        effective = self.last is not None and self.last.decision == "effective"
        return effective and self.state in _FINE and not self.is_blind

    @property
    def effectiveness(self) -> str:
        """The last decision; it reads "effective" only while the cell is current or due soon and no trigger is blind."""
        if self.last is None:
            return "unassessed"
        word = self.last.decision or "unknown"
        stamp = " (imported, not verified)" if self.last.provenance == "imported" else ""
        if stamp and self.last.decision is None:
            return "imported, not verified"
        if word == "effective" and not self.is_effective:
            return f"was effective on {self.last.on}{stamp}"
        return f"{word}{stamp}"

    @property
    def basis(self) -> str | None:
        """The basis of the last assessment (counted, tested, exercised, judged, attested or imported); None without one."""
        if self.last is None:
            return None
        if self.last.provenance == "imported":
            return "imported"
        return f"{self.last.basis}, self-assessed" if self.last.self_assessed else self.last.basis

    @property
    def verdict(self) -> str:
        """The last decision with its basis and the criteria that nobody measured; never the word alone."""
        if self.last is None or self.last.provenance == "imported":
            return self.effectiveness
        unmeasured = f"; not measured: {', '.join(self.last.not_measured)}" if self.last.not_measured else ""
        return f"{self.effectiveness} ({self.basis}{unmeasured})"

    @property
    def conditions(self) -> frozenset[str]:
        """Every word by which `--fail-on` selects it: its states, its last verdict, and `any` if anything is wrong.

        `unknown` is one of them wherever a trigger is blind, also where another state is more urgent.
        """
        words = {str(self.state), str(self.clock)}
        if (
            self.clock is not State.RETIRED
            and self.last is not None
            and self.last.decision in {"ineffective", "degraded"}
        ):
            words.add(self.last.decision)
        if self.order is not None:
            # It was due the moment it was decided.
            words |= {str(State.OVERDUE), f"{self.order.action}-ordered"}
        if self.is_blind:
            # What is due soon, or current by its own dates, may be more urgent by what nobody can see.
            words.add(str(State.UNKNOWN))
        wrong = self.state not in _NOTHING_WRONG or self.is_blind
        return frozenset({*words, ANY} if wrong else words)


def summary(cells: tuple[CellStatus, ...]) -> Mapping[str, int]:
    """The number of cells by state; states without cells are left out."""
    return {state: count for state in State if (count := sum(cell.state is state for cell in cells))}


def cells_by_subject(cells: Iterable[CellStatus]) -> Mapping[str, tuple[CellStatus, ...]]:
    """The cells of each subject, in their order."""
    by_subject: dict[str, list[CellStatus]] = {}
    for cell in cells:
        by_subject.setdefault(cell.subject, []).append(cell)
    return {name: tuple(own) for name, own in by_subject.items()}
