"""The status as text of at most 80 columns: a heading with counts, then subjects in the chosen order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Final, TextIO

from reassay.assessment.cell_selection import Selection
from reassay.assessment.cells import URGENCY, AssessmentInput, CellStatus, State
from reassay.assessment.subject_labels import NO_LABEL, SubjectLabel, subject_labels
from reassay.common.calendar import day_words, due_words, last_of_month
from reassay.common.inert import plain
from reassay.common.sentences import capitalised, names
from reassay.common.terminal import line_writer

STYLE: Final[Mapping[State, str]] = {
    State.UNREADABLE: "bold red",
    State.WITHDRAW_ORDERED: "bold red",
    State.RESTRICT_ORDERED: "bold red",
    State.INEFFECTIVE: "bold red",
    State.OVERDUE: "bold red",
    State.DUE: "bold yellow",
    State.TRIGGERED: "yellow",
    State.EXTENDED: "yellow",
    State.ACCEPTANCE_EXPIRED: "yellow",
    State.EVIDENCE_STALE: "yellow",
    State.UNASSESSED: "magenta",
    State.DEGRADED: "yellow",
    State.DUE_SOON: "cyan",
    State.UNKNOWN: "bold magenta",
    State.CURRENT: "green",
    State.RETIRED: "dim",
}
_STOPPED: Final = frozenset({State.RETIRED, State.UNREADABLE})


@dataclass(frozen=True, slots=True)
class _Row:
    """Cells of one subject with the same state and reason."""

    first: CellStatus
    deployments: tuple[str, ...]


def show_status(
    selection: Selection, assessment_input: AssessmentInput, place: str, footer: Iterable[str], out: TextIO
) -> None:
    """Prints heading, counts of the whole register, and the chosen subjects by urgency or in the chosen order, then `footer`.

    `place` says what it was read from, such as `commit 1a2b3c4, ledger entry 41`.
    """
    writer = line_writer(out)
    width = writer.text_width

    def write(text: str, style: str = "", indent: int = 0, hanging: int = 0) -> None:
        below = " " * (indent + hanging)
        for line in wrap(text, width, initial_indent=" " * indent, subsequent_indent=below, break_on_hyphens=False):
            writer.write((line, style))

    labels = subject_labels(assessment_input)
    for index, line in enumerate(_heading(selection, assessment_input, place)):
        write(line, "" if index else "bold")
    shown: State | None = None
    for row in _rows(selection.shown):
        state = row.first.state
        if selection.order == "urgency" and state is not shown:
            writer.write()
            write(state, STYLE[state])
            shown = state
        elif shown is None:
            writer.write()
            shown = state
        label = labels.get(row.first.subject, NO_LABEL)
        write(f"{row.first.subject}  {plain(label.title or '')}".rstrip(), "bold", 2, 2)
        word = "" if selection.order == "urgency" else f"{state}, "
        write(f"{word}{_facts(row, label, assessment_input.today)}", STYLE[state] if word else "", 4)
        write(_why(row.first), "dim", 4)
    writer.write()
    for line in footer:
        write(plain(line), "dim")


def _heading(selection: Selection, assessment_input: AssessmentInput, place: str) -> Iterator[str]:
    today, timezone = assessment_input.today, assessment_input.register.configuration.timezone
    every = (*selection.shown, *selection.hidden)
    yield f"Mitigations on {day_words(today, year=True)} ({timezone}), {place}"
    yield _totals(every)
    end = last_of_month(today)
    later = {cell.subject for cell in every if _is_due_by(cell, today, end)}
    if later:
        yield f"Due this month, by {day_words(end)}: {len(later)} more"
    if not selection.chosen.is_empty:
        hidden = len({cell.subject for cell in selection.hidden} - {cell.subject for cell in selection.shown})
        rows = len(_rows(selection.hidden))
        of = f" of {hidden} mitigations and commitments" if hidden > 1 else ""
        yield f"Shown: {plain(selection.chosen.words)}. Not shown: {rows} row{'s' * (rows != 1)}{of}."


def _is_due_by(cell: CellStatus, today: date, end: date) -> bool:
    return cell.due is not None and today < cell.due <= end and cell.clock not in _STOPPED


def _totals(cells: Sequence[CellStatus]) -> str:
    """The number of subjects in each state, each counted once, in its most urgent state."""
    if not cells:
        return "No mitigation is registered yet."
    worst: dict[str, CellStatus] = {}
    for cell in sorted(cells, key=lambda cell: URGENCY.index(cell.state)):
        worst.setdefault(cell.subject, cell)
    kinds = [sum(cell.kind == kind for cell in worst.values()) for kind in ("mitigation", "commitment")]
    counted = names(
        *(f"{n} {word}{'s' * (n != 1)}" for n, word in zip(kinds, ("mitigation", "commitment"), strict=True) if n)
    )
    states = [(state, sum(cell.state is state for cell in worst.values())) for state in URGENCY]
    return f"{counted}: {', '.join(f'{count} {state}' for state, count in states if count)}"


def _rows(cells: Iterable[CellStatus]) -> Sequence[_Row]:
    """In the order of the first cell of each."""
    by_row: dict[tuple[object, ...], list[CellStatus]] = {}
    for cell in cells:
        key = (
            cell.state,
            cell.subject,
            cell.due,
            cell.reason,
            cell.scheduled,
            cell.open and cell.open.id,
            _last_verdict(cell),
        )
        by_row.setdefault(key, []).append(cell)
    return [_Row(own[0], tuple(cell.cell for cell in own)) for own in by_row.values()]


def _facts(row: _Row, label: SubjectLabel, today: date) -> str:
    cell = row.first
    parts = [
        due_text(cell, today),
        f"owner {plain(label.owner)}" if label.owner else "",
        "" if row.deployments == ("*",) else ", ".join(row.deployments),
        "commitment" if cell.kind == "commitment" else "",
    ]
    return "; ".join(part for part in parts if part)


def due_text(cell: CellStatus, today: date) -> str:
    """When a cell is due, or when its first re-assessment opens; empty where it is not assessed."""
    if not cell.fired and cell.clock in {State.UNASSESSED, State.RETIRED}:
        return ""
    if cell.clock is State.UNASSESSED and cell.open is None:
        return f"opens {day_words(cell.scheduled, year=True)} or later" if cell.scheduled else "opens now"
    if cell.due is None:
        return "no due date"
    late = (today - cell.due).days
    return f"due {due_words(cell.due, cell.due_at)}" + (f", {late} day{'s' * (late != 1)} ago" if late > 0 else "")


def _last_verdict(cell: CellStatus) -> str:
    """The last verdict with its basis; an imported one is shown only if it was not effective."""
    if cell.last is None or (cell.last.provenance == "imported" and cell.last.decision in {None, "effective"}):
        return ""
    return cell.verdict


def _why(cell: CellStatus) -> str:
    parts = [_last_verdict(cell), plain(cell.reason)]
    if cell.open:
        number = f" #{cell.open.issue}" if cell.open.issue else ""
        parts.append(f"{cell.open.id}{number} is open")
    if cell.scheduled and cell.clock is not State.UNASSESSED:
        parts.append(f"opens {day_words(cell.scheduled)} or later: the first run is paced")
    text = "; ".join(part for part in parts if part)
    return capitalised(text)
