"""What a person sees in a terminal. Untrusted text is printed as text, never as console markup."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain.calendar import day_words
from bot.domain.cells import CellStatus, State, summary
from bot.domain.forecast import Step
from bot.rendering.inert import plain

PIPED_WIDTH = 120
_STYLE: Mapping[State, str] = {
    State.OVERDUE: "bold red",
    State.DUE: "bold yellow",
    State.TRIGGERED: "yellow",
    State.UNASSESSED: "magenta",
    State.DUE_SOON: "cyan",
    State.UNKNOWN: "bold magenta",
    State.CURRENT: "green",
    State.RETIRED: "dim",
}


def console(out: TextIO) -> Console:
    """Colours on a terminal and nowhere else; NO_COLOR is respected."""
    return Console(
        file=out,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        width=None if out.isatty() else PIPED_WIDTH,
        no_color="NO_COLOR" in os.environ or None,
    )


def show_status(cells: Sequence[CellStatus], today: date, timezone: str, footer: Iterable[str], out: TextIO) -> None:
    """Every cell in order of urgency, then what it adds up to and what it was read from."""
    screen = console(out)
    screen.print(Text.assemble(("Mitigations", "bold"), f" on {day_words(today, year=True)} ({timezone})"))
    screen.print()
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("state", "mitigation", "deployment", "due", "last known", "why"):
        table.add_column(name, no_wrap=name not in {"last known", "why"}, overflow="fold")
    for cell in sorted(cells, key=_urgency):
        table.add_row(
            Text(cell.state, _STYLE[cell.state]),
            Text(cell.mitigation),
            Text("everything" if cell.cell == "*" else cell.cell, "" if cell.cell != "*" else "dim"),
            Text(_due(cell, today)),
            Text(_known(cell)),
            Text(_why(cell)),
        )
    screen.print(table)
    screen.print()
    screen.print(_totals(cells))
    for line in footer:
        screen.print(Text(plain(line), "dim"))


def _urgency(cell: CellStatus) -> tuple[int, date, str, str]:
    return (list(State).index(cell.state), cell.due or date.max, cell.mitigation, cell.cell)


def _due(cell: CellStatus, today: date) -> str:
    if cell.due is None:
        return "-"
    text = day_words(cell.due, year=cell.due.year != today.year)
    return f"{text} ({(today - cell.due).days} d ago)" if cell.state is State.OVERDUE else text


def _known(cell: CellStatus) -> str:
    if cell.last is None:
        return "never assessed" if cell.state is not State.RETIRED else "-"
    if cell.last.provenance == "imported":
        return "imported, not verified"
    return f"{cell.effectiveness} ({cell.basis})"


def _why(cell: CellStatus) -> str:
    parts = [plain(cell.reason)]
    if cell.open:
        number = f" #{cell.open.issue}" if cell.open.issue else ""
        parts.append(f"{cell.open.id}{number} is open")
    if cell.scheduled:
        parts.append(f"scheduled {day_words(cell.scheduled)}")
    return "; ".join(part for part in parts if part)


def _totals(cells: Sequence[CellStatus]) -> Text:
    text = Text()
    for state, count in summary(tuple(cells)).items():
        text.append("  " if text else "")
        text.append(f"{count} {state}", _STYLE[State(state)])
    return text if cells else Text("No mitigation is registered yet.")


def show_plan(steps: Sequence[Step], heading: str, footer: Iterable[str], out: TextIO) -> None:
    """What would happen, in order of time."""
    screen = console(out)
    screen.print(Text(heading, "bold"))
    screen.print()
    if not steps:
        screen.print("Nothing to do.")
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for wraps in (False, False, False, True):
        table.add_column(no_wrap=not wraps, overflow="fold")
    for step in steps:
        due = f" (decide by {day_words(step.due, year=True)})" if step.due else ""
        table.add_row(
            Text(day_words(step.when, year=True)),
            Text(step.kind, "green" if step.kind == "open" else "cyan"),
            Text(step.subject),
            Text(plain(step.reason) + due),
        )
    if steps:
        screen.print(table)
    screen.print()
    for line in footer:
        screen.print(Text(plain(line), "dim"))
