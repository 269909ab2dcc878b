"""Selection and order of the cells that a view of the status shows. Unreadable cells are never left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reassay.assessment.cell_status import URGENCY, CellStatus, State
from reassay.assessment.cells import AssessmentInput
from reassay.common.errors import UsageError
from reassay.people.people import may_act, names_in, roles_in
from reassay.register.finding import did_you_mean
from reassay.register.register import Register

Order = Literal["urgency", "due", "owner", "id", "register"]
"""Most urgent first, by due date, by owner, by id, or as the register has them."""


@dataclass(frozen=True, slots=True)
class CellFilter:
    """What a view is restricted to; empty for every cell."""

    owner: str | None = None
    """A role or a login, without the @. A login stands for every role in which it may act today, too."""
    states: frozenset[str] = field(default_factory=frozenset)
    """Conditions of a cell (`CellStatus.conditions`), of which it has one; empty for any."""

    @property
    def is_empty(self) -> bool:
        """Whether it shows every cell."""
        return self.owner is None and not self.states

    @property
    def words(self) -> str:
        """The selection in words, such as `owner safety-lead, state overdue or triggered`; empty for every cell."""
        states = " or ".join(sorted(self.states))
        parts = (f"owner {self.owner}" if self.owner else "", f"state {states}" if states else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Selection:
    """The cells that a view shows, in its order, and how many it does not."""

    shown: Sequence[CellStatus]
    hidden: Sequence[CellStatus] = ()
    chosen: CellFilter = CellFilter()
    order: Order = "urgency"


def selection(
    cells: Iterable[CellStatus], assessment_input: AssessmentInput, chosen: CellFilter, order: Order = "urgency"
) -> Selection:
    """The cells that a filter lets through, and every cell that cannot be read. Raises UsageError for an unknown owner."""
    owners = owners_of(assessment_input)
    roles = None if chosen.owner is None else _roles(chosen.owner, owners.values(), assessment_input)
    shown: list[CellStatus] = []
    hidden: list[CellStatus] = []
    for cell in cells:
        is_owned = roles is None or owners.get(cell.subject, "").lower() in roles
        is_in_state = not chosen.states or bool(cell.conditions & chosen.states)
        is_shown = (is_owned and is_in_state) or cell.state is State.UNREADABLE
        (shown if is_shown else hidden).append(cell)
    return Selection(ordered(shown, order, owners), hidden, chosen, order)


def ordered(cells: Iterable[CellStatus], order: Order, owners: Mapping[str, str]) -> Sequence[CellStatus]:
    """Cells in an order, and among equals by urgency. Without a date or an owner they come last, unreadable ones first."""

    def key(cell: CellStatus) -> tuple[object, ...]:
        urgent = (URGENCY.index(cell.state), cell.due or date.max, cell.subject, cell.cell)
        first = cell.state is not State.UNREADABLE
        match order:
            case "due":
                return (first, cell.due or date.max, *urgent)
            case "owner":
                return (first, owners.get(cell.subject) is None, owners.get(cell.subject, ""), *urgent)
            case "id":
                return (first, cell.subject, cell.cell)
            case _:
                return urgent

    return tuple(cells) if order == "register" else sorted(cells, key=key)


def owners_of(assessment_input: AssessmentInput) -> Mapping[str, str]:
    """The owner of every subject as the register names it, the last known one where the entry cannot be read."""
    unreadable = assessment_input.register_index.unreadable_subjects
    lost = {name: own.owner for name, own in unreadable.items() if own.owner}
    return {**lost, **{name: entry.value.owner for name, entry in assessment_input.register.subjects.items()}}


def _roles(name: str, owners: Iterable[str], assessment_input: AssessmentInput) -> frozenset[str]:
    """The role of this name, and every role in which the login may act today, in small letters."""
    register, today = assessment_input.register, assessment_input.today
    wanted = name.removeprefix("@").lower()
    every = {role.lower(): role for role in (*roles_in(register), *owners)}
    held = {
        folded
        for folded, role in every.items()
        if wanted in {login.lower() for login in may_act(role, register, assessment_input.people, today)}
        or wanted in {member.lower() for member in register.configuration.people(role)}
    }
    if wanted not in every and not held:
        raise UsageError(
            f"'{name}' owns nothing here, and is not a member of a role.",
            where="--owner",
            remedy=_remedy(wanted, every, register),
        )
    return frozenset({wanted, *held})


def _remedy(wanted: str, roles: Iterable[str], register: Register) -> str:
    logins, teams = names_in(register)
    hint = did_you_mean(wanted, (*roles, *logins, *teams))
    by_team = " Members of teams are not read here; name the role." if teams else ""
    return f"{hint or 'Write a role, or a login of the register.'}{by_team}"
