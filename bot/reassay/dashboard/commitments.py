"""The standing of public commitments: kept, at risk, broken, or not determinable.

A commitment with a clock of its own is judged by its cells, one about mitigations by the cells of those that it selects. Of
several findings the worst counts, in the order of `STANDINGS`. What was imported is not verified, so nobody can tell from it that
anything is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reassay.assessment.cells import CellStatus, State
from reassay.assessment.unreadable import UnreadableObject
from reassay.common.calendar import day_words
from reassay.common.sentences import sentence
from reassay.dashboard.coverage_values import CommitmentLine
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.trigger_words import unstated_figures
from reassay.register.base import Status
from reassay.register.commitment import Commitment
from reassay.register.selection import not_in_force

Standing = Literal["kept", "at-risk", "broken", "not-determinable", "not-in-force"]
STANDINGS: Final[tuple[Standing, ...]] = ("broken", "not-determinable", "at-risk", "kept")
"""Worst first."""
MOST_REASONS: Final = 3
_BROKEN: Final = frozenset({State.OVERDUE, State.INEFFECTIVE, State.WITHDRAW_ORDERED, State.RESTRICT_ORDERED})
_MITIGATIONS: Final = frozenset({"mitigation"})


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for the standing of a commitment."""

    standing: Standing
    words: str
    """Part of a sentence."""


def commitment_lines(inputs: DashboardInput) -> tuple[CommitmentLine, ...]:
    """Every commitment that can be read, in the register's order, then those that cannot."""
    register, index = inputs.assessment_input.register, inputs.assessment_input.register_index
    selected = _selected(inputs)
    lines = [_line(entry.value, selected.get(name, ()), inputs) for name, entry in register.commitments.items()]
    lost = (own for own in index.unreadable if own.kind == "commitment" and own.id not in register.commitments)
    return (*lines, *(_lost(own, inputs) for own in lost))


def _selected(inputs: DashboardInput) -> Mapping[str, tuple[str, ...]]:
    """By commitment in force, the active mitigations that it selects."""
    selected: dict[str, list[str]] = {}
    for name, entry in inputs.assessment_input.register.mitigations.items():
        if entry.value.status is Status.ACTIVE:
            for commitment in inputs.asking.get(name, ()):
                selected.setdefault(commitment.id, []).append(name)
    return {name: tuple(own) for name, own in selected.items()}


def _line(own: Commitment, selected: Sequence[str], inputs: DashboardInput) -> CommitmentLine:
    stopped = not_in_force(own, inputs.assessment_input.register, inputs.assessment_input.today)
    subjects = (own.id,) if own.has_its_own_clock else tuple(selected)
    cells = [cell for name in subjects for cell in inputs.cells_by_subject.get(name, ())]
    grounds = [] if stopped else [*_grounds_of_cells(cells, own, inputs), *_grounds_of_entry(own, selected, inputs)]
    standing = _worst(grounds) if not stopped else "not-in-force"
    return CommitmentLine(
        id=own.id,
        title=own.title,
        statement=own.statement,
        source=own.source.words(),
        standing=standing,
        why=sentence(stopped or _words(grounds, standing)),
        due=min((cell.due for cell in cells if cell.due and not stopped), default=None),
        subjects=subjects,
    )


def _worst(grounds: Iterable[Ground]) -> Standing:
    return min((own.standing for own in grounds), key=STANDINGS.index, default="not-determinable")


def _words(grounds: Sequence[Ground], standing: Standing) -> str:
    """The reasons for a standing, then those for the ones that are less bad, as far as anything is wrong."""
    own = [ground.words for ground in grounds if ground.standing == standing]
    if standing == "kept":
        count = len(own)
        return own[0] if count == 1 else f"all {count} cells are current"
    rest = [ground.words for name in STANDINGS[:3] if name != standing for ground in grounds if ground.standing == name]
    words = list(dict.fromkeys((*own, *rest)))
    more = len(words) - MOST_REASONS
    return "; ".join((*words[:MOST_REASONS], *([f"{more} more"] if more > 0 else ())))


def _grounds_of_cells(cells: Iterable[CellStatus], own: Commitment, inputs: DashboardInput) -> Iterator[Ground]:
    for cell in cells:
        if cell.state is not State.RETIRED:
            standing, words = _of_cell(cell)
            where = "" if cell.cell == "*" else f"in {cell.cell}"
            named = (where, "it") if cell.subject == own.id else (inputs.title(cell.subject), where)
            yield Ground(standing, " ".join(filter(None, (*named, words))))
    if inputs.ledger_problem:
        yield Ground("not-determinable", "the ledger was not read")


def _of_cell(cell: CellStatus) -> tuple[Standing, str]:
    """What a cell says of a promise to re-assess it, as the end of a sentence."""
    if cell.state is State.UNREADABLE:
        return "not-determinable", "cannot be read"
    if cell.state in _BROKEN or cell.clock is State.OVERDUE:
        late = " and overdue" if cell.clock is State.OVERDUE and cell.state is not State.OVERDUE else ""
        return "broken", f"{_state_words(cell)}{late}{_due_words(cell)}"
    if cell.is_blind or cell.state is State.UNKNOWN:
        return "not-determinable", f"is unknown: {cell.reason}"
    if cell.state is not State.CURRENT or cell.open is not None:
        return "at-risk", f"{_state_words(cell)}{_due_words(cell)}"
    if cell.last is not None and cell.last.provenance == "imported":
        day = day_words(cell.last.on, year=True)
        return "not-determinable", f"was last assessed on {day} as imported, which nobody has verified"
    return "kept", f"is current{_due_words(cell) or f': {cell.reason}'}"


def _state_words(cell: CellStatus) -> str:
    return "was never assessed" if cell.state is State.UNASSESSED else f"is {str(cell.state).replace('-', ' ')}"


def _due_words(cell: CellStatus) -> str:
    """The day by which it must be decided, in brackets; empty without one."""
    day = day_words(cell.due, year=True) if cell.due else ""
    return f" ({'' if cell.state in {State.DUE, State.DUE_SOON} else 'due '}{day})" if day else ""


def _grounds_of_entry(own: Commitment, selected: Sequence[str], inputs: DashboardInput) -> Iterator[Ground]:
    """Why nobody can tell from what the register states."""
    return (Ground("not-determinable", words) for words in dict.fromkeys(_missing(own, selected, inputs)))


def _missing(own: Commitment, selected: Sequence[str], inputs: DashboardInput) -> Iterator[str]:
    index = inputs.assessment_input.register_index
    if own.id in index.flawed:
        yield f"its entry cannot be relied on: {index.flawed[own.id]}"
    yield from (f"no figure is stated for: {words}" for words in unstated_figures(own.triggers))
    for step in own.approval:
        if step.when and not step.cases:
            yield f"when {step.role} must take part is stated in free text, which cannot be evaluated: {step.when}"
    if not own.triggers and not (own.has_its_own_clock and own.deadlines):
        yield "it states no trigger, so nothing asks for a re-assessment"
    if not own.has_its_own_clock:
        if not selected:
            yield "it selects no active mitigation"
        if unread := index.unread_words(_MITIGATIONS):
            yield f"{unread}, and it may be about that"


def _lost(own: UnreadableObject, inputs: DashboardInput) -> CommitmentLine:
    last = inputs.assessment_input.last_readable
    before = last.register.commitments.get(own.id or "") if last else None
    name = own.id or own.name
    return CommitmentLine(
        id=name,
        title=before.value.title if before else name,
        statement=before.value.statement if before else "",
        source=before.value.source.words() if before else "",
        standing="not-determinable",
        why=sentence(own.words),
        subjects=(own.id,) if own.id and own.id in inputs.cells_by_subject else (),
    )
