"""Cells as rows of a table that can be filtered and sorted."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from reassay.common.calendar import due_words
from reassay.dashboard.subject_values import DashboardCell
from reassay.dashboard.views.addresses import anchor
from reassay.dashboard.views.figure_words import FigureText, figure_text
from reassay.dashboard.views.state_words import Tone, ToneWords, state_rank, state_words

_FINE = frozenset({"current", "due-soon"})


@dataclass(frozen=True, slots=True)
class CellTableRow:
    """One cell with its words."""

    cell: DashboardCell
    anchor: str
    state: ToneWords
    timing: str
    """The state by dates alone in words; empty if it is the state."""
    is_fine: bool
    """Whether it is current or due soon, and no trigger is blind."""
    rank: int
    due: str
    verdict_tone: Tone
    figures: tuple[FigureText, ...]
    distance: str
    """The largest distance of its figures from the target; empty without figures."""
    deployment: str


def cell_row(cell: DashboardCell) -> CellTableRow:
    """A cell as a row. Nothing of a cell that is not current or due soon is shown as good."""
    is_fine = cell.state in _FINE and not cell.is_blind
    figures = tuple(figure_text(figure, is_past=not is_fine) for figure in cell.figures)
    distance = max((figure.distance for figure in figures), default=None)
    is_effective = is_fine and cell.verdict.startswith("effective")
    return CellTableRow(
        cell=cell,
        anchor=anchor("cell", cell.subject, cell.deployment),
        state=state_words(cell.state),
        timing=state_words(cell.timing).words if cell.timing != cell.state else "",
        is_fine=is_fine,
        rank=state_rank(cell.state),
        due=due_words(cell.due, cell.due_at) if cell.due else "",
        verdict_tone="good" if is_effective else "quiet",
        figures=figures,
        distance="" if distance is None else "1e9" if distance == inf else f"{distance:.4g}",
        deployment=deployment_words(cell.deployment),
    )


def deployment_words(deployment: str) -> str:
    """The id of a deployment; `all of it` where none is named."""
    return "all of it" if deployment == "*" else deployment


def choices(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each value with its number, in the order of the alphabet."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return tuple(sorted(counts.items()))
