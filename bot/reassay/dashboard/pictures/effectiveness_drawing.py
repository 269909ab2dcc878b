"""Draws the results of one criterion over time, against its target. Importing this module imports Matplotlib."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reassay.common.svg_drawing import (
    AMBER,
    BLUE,
    GREY,
    INK,
    PAPER,
    RED,
    add_legend,
    day_number,
    figure_words,
    name_days,
    new_figure,
    plain_frame,
    set_title,
    short,
)
from reassay.dashboard.pictures.picture_parts import UNMET, place_words, target_words
from reassay.dashboard.subject_values import EffectivenessPoint, EffectivenessSeries

_HEIGHT: Final = 4.4
_UNIT: Final = 22
"""Characters of a unit."""
_TARGET: Final = 48
"""Characters of the target in the legend."""
_NONE: Final = float("nan")
"""The length of an interval's side that is not known: nothing is drawn."""


def effectiveness_figure(series: EffectivenessSeries) -> Figure:
    """Points with their intervals, and the target. What misses the target has a shape of its own."""
    figure = new_figure(_HEIGHT)
    axes = figure.subplots()
    points = series.points
    first, last = points[0].on - timedelta(days=5), points[-1].on + timedelta(days=5)
    _draw_targets(axes, series)
    groups = (
        ("target met", {"marker": "o", "color": BLUE}, [own for own in points if own.verdict == "met"]),
        (
            "neither met nor missed",
            {"marker": "D", "color": PAPER, "markeredgecolor": AMBER, "ecolor": AMBER, "markeredgewidth": 1.6},
            [own for own in points if own.verdict not in {"met", *UNMET}],
        ),
        ("target missed", {"marker": "X", "color": RED, "markersize": 11}, [own for own in points if own.verdict in UNMET]),
    )  # fmt: skip
    for label, style, own in groups:
        if own:
            _draw_points(axes, own, label, style)
    _draw_scale(axes, series)
    name_days(axes, first, last, "day of the decision")
    set_title(figure, series.criterion, place_words(series.subject, series.cell))
    add_legend(figure, axes)
    return figure


def _draw_targets(axes: Axes, series: EffectivenessSeries) -> None:
    """Today's target as a line, and those of earlier decisions where they were others, as steps."""
    earlier = [(point.on, point.target) for point in series.points if point.target is not None]
    if any(target != series.target for _, target in earlier):
        axes.plot(
            [day_number(on) for on, _ in earlier],
            [float(target) for _, target in earlier],
            color=GREY,
            linestyle=":",
            marker="_",
            markersize=12,
            linewidth=1.6,
            drawstyle="steps-post",
            label="target at that decision",
        )
    if series.target is not None:
        axes.axhline(
            series.target, color=INK, linestyle="--", linewidth=1.6, label=short(target_words(series), _TARGET)
        )


def _draw_points(axes: Axes, points: Sequence[EffectivenessPoint], label: str, style: dict[str, Any]) -> None:
    below = [_NONE if point.lower is None else max(0.0, point.value - point.lower) for point in points]
    above = [_NONE if point.upper is None else max(0.0, point.upper - point.value) for point in points]
    axes.errorbar(
        [day_number(point.on) for point in points],
        [point.value for point in points],
        yerr=[below, above],
        **{"markersize": 8, "linestyle": "none", "capsize": 5, "elinewidth": 1.6, "zorder": 3, "label": label, **style},
    )


def _draw_scale(axes: Axes, series: EffectivenessSeries) -> None:
    values = [own for point in series.points for own in (point.value, point.lower, point.upper) if own is not None]
    values += [series.target] if series.target is not None else []
    low, high = min(values), max(values)
    if not series.unit:
        spare = max((high - low) * 0.1, 0.005)
        axes.set_ylim(max(-0.02, low - spare) if low > spare else -0.02 * max(high, 0.05), high + spare)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:g}%"))
        axes.set_ylabel("result")
    else:
        axes.set_ylim(bottom=min(0.0, low), top=high * 1.1 if high > 0 else None)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figure_words(value)))
        axes.set_ylabel(short(series.unit, _UNIT))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
    plain_frame(axes)
