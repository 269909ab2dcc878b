"""Draws the number of cells in each state. Importing this module imports Matplotlib."""

from typing import Final

from matplotlib.figure import Figure

from reassay.assessment.cells import State
from reassay.common.sentences import count_words
from reassay.common.svg_drawing import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    PAPER,
    RED,
    TEXT,
    add_legend,
    new_figure,
    set_title,
    short,
)
from reassay.dashboard.pictures.picture_parts import without_blind
from reassay.dashboard.values import Dashboard

_ROW, _REST = 0.34, 0.75
"""Inches of one bar, and of what is around all bars."""
_NAME: Final = 24
_URGENT: Final = frozenset(
    {
        State.UNREADABLE,
        State.WITHDRAW_ORDERED,
        State.RESTRICT_ORDERED,
        State.INEFFECTIVE,
        State.OVERDUE,
    }
)
_COLOURS: Final = {State.CURRENT: GREEN, State.DUE_SOON: BLUE, State.RETIRED: GREY}


def states_figure(dashboard: Dashboard) -> Figure:
    """Horizontal bars, most urgent first, each with its number. Cells without a source that they need are hatched."""
    summary, seen = dashboard.summary, without_blind(dashboard)
    has_blind = sum(seen.values()) < len(dashboard.cells)
    figure = new_figure(_REST + _ROW * (len(summary) + has_blind))
    axes = figure.subplots()
    rows = range(len(summary))
    colours = [_colour(state) for state, _ in summary]
    whole = [seen.get(state, 0) for state, _ in summary]
    axes.barh(rows, whole, color=colours, height=0.66)
    blind = [
        (row, left, count - left) for row, left, (_, count) in zip(rows, whole, summary, strict=True) if count > left
    ]
    for row, left, number in blind:
        label = "of these, a source is missing" if row == blind[0][0] else None
        axes.barh(
            row, number, left=left, color=PAPER, edgecolor=RED, hatch="////", linewidth=1, height=0.66, label=label
        )
    for row, (_, count) in enumerate(summary):
        axes.annotate(f"{count:,}", (count, row), (5, 0), textcoords="offset points", va="center", fontweight="bold")
    axes.set_yticks(rows, [short(state, _NAME) for state, _ in summary])
    axes.invert_yaxis()
    axes.set_xlim(0, max(count for _, count in summary) * 1.12)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=TEXT)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    total = len(dashboard.cells)
    set_title(figure, f"{count_words(total, 'cell')} by state, most urgent first")
    if has_blind:
        add_legend(figure, axes)
    return figure


def _colour(state: str) -> str:
    if state in _URGENT:
        return RED
    return next((colour for named, colour in _COLOURS.items() if named == state), AMBER)
