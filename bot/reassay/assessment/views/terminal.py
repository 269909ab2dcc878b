"""Status and plan as terminal text. Untrusted text is printed as text, never as console markup."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Final, TextIO

from rich.padding import Padding
from rich.text import Text

from reassay.assessment.cells import CellStatus, State, summary
from reassay.assessment.schedule.forecast import Step
from reassay.common.calendar import day_words, due_words
from reassay.common.inert import plain
from reassay.common.terminal import console

PIPED_WIDTH: Final = 120
_INDENT: Final = "    "
_STYLE: Mapping[State, str] = {
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


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells of one subject with the same state, shown as one line."""

    first: CellStatus
    deployments: tuple[str, ...]


def show_status(cells: Sequence[CellStatus], today: date, timezone: str, footer: Iterable[str], out: TextIO) -> None:
    """Prints subjects by urgency, one line each with the reason below, then totals and `footer`."""
    screen = console(out)
    screen.print(Text.assemble(("Mitigations", "bold"), f" on {day_words(today, year=True)} ({timezone})"))
    lines = _lines(cells)
    widest = max((len(line.first.subject) for line in lines), default=0)
    for state in State:
        own = [line for line in lines if line.first.state is state]
        if own:
            screen.print()
            screen.print(Text(state, _STYLE[state]))
            screen.print(Text("\n").join(_line_text(line, widest, today, screen.width) for line in own))
    screen.print()
    screen.print(_totals(cells))
    for text in footer:
        screen.print(Text(plain(text), "dim"))


def _line_text(line: _Line, widest: int, today: date, columns: int) -> Text:
    cell = line.first
    where = "" if line.deployments == ("*",) else f"  {', '.join(line.deployments)}"
    where += "  commitment" if cell.kind == "commitment" else ""
    why = wrap(_why(cell), columns, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
    return Text.assemble(
        (f"  {cell.subject:<{widest}}", "bold"),
        f"  {_due(cell, today)}",
        (where, "cyan"),
        ("".join(f"\n{text}" for text in why), "dim"),
    )


def _lines(cells: Sequence[CellStatus]) -> list[_Line]:
    by_line: dict[tuple[object, ...], list[CellStatus]] = {}
    for cell in sorted(cells, key=_urgency):
        key = (
            cell.state,
            cell.subject,
            cell.due,
            cell.reason,
            cell.scheduled,
            cell.open and cell.open.id,
            _known(cell),
        )
        by_line.setdefault(key, []).append(cell)
    return [_Line(own[0], tuple(cell.cell for cell in own)) for own in by_line.values()]


def _urgency(cell: CellStatus) -> tuple[int, date, str, str]:
    return (list(State).index(cell.state), cell.due or date.max, cell.subject, cell.cell)


def _due(cell: CellStatus, today: date) -> str:
    if not cell.fired and cell.clock in {State.UNASSESSED, State.RETIRED}:
        return ""
    if cell.clock is State.UNASSESSED and cell.open is None:
        return f"opens {day_words(cell.scheduled, year=True)} or later" if cell.scheduled else "now"
    if cell.due is None:
        return "no date"
    late = (today - cell.due).days
    return f"due {due_words(cell.due, cell.due_at)}" + (f", {late} day{'s' * (late != 1)} ago" if late > 0 else "")


def _known(cell: CellStatus) -> str:
    """The last verdict with its basis; an imported one is shown only if it was not effective."""
    if cell.last is None or (cell.last.provenance == "imported" and cell.last.decision in {None, "effective"}):
        return ""
    return cell.verdict


def _why(cell: CellStatus) -> str:
    parts = [_known(cell), plain(cell.reason)]
    if cell.open:
        number = f" #{cell.open.issue}" if cell.open.issue else ""
        parts.append(f"{cell.open.id}{number} is open")
    if cell.scheduled and cell.clock is not State.UNASSESSED:
        parts.append(f"opens {day_words(cell.scheduled)} or later: the first run is paced")
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _totals(cells: Sequence[CellStatus]) -> Text:
    text = Text()
    for state, count in summary(tuple(cells)).items():
        text.append("  " if text else "")
        text.append(f"{count} {state}", _STYLE[State(state)])
    return text if cells else Text("No mitigation is registered yet.")


def show_plan(steps: Sequence[Step], heading: str, footer: Iterable[str], out: TextIO) -> None:
    """Prints the steps of a plan in order of time."""
    screen = console(out)
    screen.print(Text(heading, "bold"))
    screen.print()
    if not steps:
        screen.print("Nothing to do.")
    widest = max((len(step.subject) for step in steps), default=0)
    kinds = max((len(step.kind) + 1 for step in steps), default=0)
    for step in steps:
        due = f"  decide by {due_words(step.due, step.due_at)}" if step.due else ""
        when = f"{day_words(step.when, year=True):<17}"
        style = {"open": "green", "join": "cyan", "close": "cyan"}.get(step.kind, "bold red")
        kind = (f"{step.kind:<{max(6, kinds)}}", style)
        screen.print(Text.assemble(when, kind, (f"{step.subject:<{widest}}", "bold"), due))
        reason = plain(step.reason)
        screen.print(Padding(Text(reason[:1].upper() + reason[1:], "dim"), (0, 0, 0, 23), expand=False))
    screen.print()
    for line in footer:
        screen.print(Text(plain(line), "dim"))
