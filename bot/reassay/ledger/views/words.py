"""Dates, cells and time zones in words."""

from zoneinfo import ZoneInfo

from reassay.common.calendar import day_words
from reassay.common.inert import Markdown, code
from reassay.common.sentences import names
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.entry import Decided, basis_word


def next_dates(decided: Decided) -> tuple[tuple[str, Markdown], ...]:
    """The next due dates in words, each with its cells."""
    cells: dict[str, list[Markdown]] = {}
    for next_due in decided.next_due:
        words = day_words(next_due.due, year=True) if next_due.due else _no_date(decided)
        cells.setdefault(words, []).append(cell_words(next_due.cell))
    return tuple((words, Markdown(names(*own)) if len(cells) > 1 else Markdown("")) for words, own in cells.items())


def criterion_result_words(criterion: CriterionResult) -> str:
    """The verdict on a criterion with its basis; `not measured` where nobody measured it."""
    if criterion.verdict == "not-measured":
        return f"{criterion.name}: not measured"
    return f"{criterion.name}: {criterion.verdict} ({basis_word(criterion.basis)})"


def _no_date(decided: Decided) -> str:
    if decided.decision == "inconclusive":
        return "unchanged: an inconclusive decision moves no date, so another re-assessment opens"
    return "none: no interval is stated"


def cell_words(cell: str) -> Markdown:
    """The id of a deployment; `all of it` for the only cell of a subject without deployments."""
    return Markdown("all of it") if cell == "*" else code(cell)


def city(timezone: str) -> str:
    """The city of a time zone, e.g. `Berlin` for Europe/Berlin; `UTC` for UTC."""
    return ZoneInfo(timezone).key.rsplit("/", 1)[-1].replace("_", " ")
