"""Dates, cells and time zones as people read them."""

from zoneinfo import ZoneInfo

from reassay.common.calendar import day_words
from reassay.common.inert import Markdown, code
from reassay.common.sentences import names
from reassay.ledger.entry import Decided


def next_dates(decided: Decided) -> tuple[tuple[str, Markdown], ...]:
    """The next due dates, as (words, cells): one line for all cells that fall due together."""
    cells: dict[str, list[Markdown]] = {}
    for each in decided.next_due:
        words = day_words(each.due, year=True) if each.due else _no_date(decided)
        cells.setdefault(words, []).append(cell_words(each.cell))
    return tuple((words, Markdown(names(*own)) if len(cells) > 1 else Markdown("")) for words, own in cells.items())


def _no_date(decided: Decided) -> str:
    if decided.decision == "inconclusive":
        return "unchanged: inconclusive moves no date, so another re-assessment opens"
    return "nobody can say: no interval is stated"


def cell_words(cell: str) -> Markdown:
    """A deployment's id; the one cell of what names none is all of it."""
    return Markdown("all of it") if cell == "*" else code(cell)


def city(timezone: str) -> str:
    """`Berlin` for Europe/Berlin; `UTC` as it is."""
    return ZoneInfo(timezone).key.rsplit("/", 1)[-1].replace("_", " ")
