"""Draws an incident rate's picture as SVG, with Matplotlib (docs/decisions/0045): the extra `pictures`.

Importing this module imports Matplotlib, so it is imported where a picture is drawn and nowhere else. The SVG is the same for the
same values: it holds no date, id or version of the run. It holds no script and no address outside of itself, and texts are text.
"""

from math import isnan

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reassay.common.svg_drawing import (
    BLUE,
    GREEN,
    GREY,
    PAPER,
    RED,
    SHADE,
    add_legend,
    day_number,
    figure_words,
    name_days,
    new_figure,
    plain_frame,
    set_title,
    short,
    svg_of,
)
from reassay.signals.views.rate_picture import UNSETTLED, RatePicture, alternative_text

_HEIGHT, _EXPOSURE_HEIGHT = 5.2, 1.2
_INCIDENTS, _ACCEPTED, _FIRING, _OCCURRED = BLUE, GREEN, RED, GREY


def draw(picture: RatePicture, description: str = "") -> bytes:
    """The picture as an SVG document in UTF-8. `description` is for people who do not see it; empty for the usual one."""
    return svg_of(lambda: _figure(picture), picture.title, description or alternative_text(picture))


def _figure(picture: RatePicture) -> Figure:
    has_exposure = bool(picture.exposure_unit)
    height = _HEIGHT + (_EXPOSURE_HEIGHT if has_exposure else 0)
    figure = new_figure(height)
    if has_exposure:
        counts, exposure = figure.subplots(2, 1, sharex=True, height_ratios=(2.6, 1))
        _draw_exposure(exposure, picture)
        lowest = exposure
    else:
        counts = lowest = figure.subplots()
    _draw_counts(counts, picture)
    name_days(lowest, picture.days[0].day, picture.last.day, "day (UTC)")
    set_title(figure, picture.title, picture.rule)
    add_legend(figure, counts)
    return figure


def _draw_counts(axes: Axes, picture: RatePicture) -> None:
    days = [day_number(day.day) for day in picture.days]
    if picture.unsettled_from <= picture.last.day:
        axes.axvspan(day_number(picture.unsettled_from), days[-1] + 0.5, color=SHADE, linewidth=0, label=UNSETTLED)
    fires = [day.fires_at for day in picture.days]
    if not all(isnan(count) for count in fires):
        axes.plot(
            days,
            fires,
            color=_FIRING,
            linestyle="-.",
            linewidth=1.6,
            drawstyle="steps-post",
            label="count at which it fires",
        )
    if any(day.accepted is not None for day in picture.days):
        accepted = [float("nan") if day.accepted is None else day.accepted for day in picture.days]
        axes.plot(days, accepted, color=_ACCEPTED, linestyle="--", linewidth=1.8, label="accepted by then")
    if picture.occurred:
        _draw_occurred(axes, picture)
    incidents = [day.incidents for day in picture.days]
    axes.plot(
        days, incidents, color=_INCIDENTS, linewidth=2.6, drawstyle="steps-post", label="incidents by first-seen day"
    )
    if picture.alarms:
        _draw_alarms(axes, picture)
    for at in picture.decisions:
        is_first = at == picture.decisions[0]
        axes.axvline(day_number(at), color=_OCCURRED, linewidth=1, label="decision" if is_first else None)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.set_ylabel("incidents so far")
    plain_frame(axes)


def _draw_occurred(axes: Axes, picture: RatePicture) -> None:
    """The same incidents by the day on which they happened; earlier ones count from the first day on."""
    first = picture.days[0].day
    at = [day_number(first), *(day_number(max(first, day)) for day in sorted(picture.occurred))]
    totals = [0.0, *(float(count) for count in range(1, len(picture.occurred) + 1))]
    at, totals = [*at, day_number(picture.last.day)], [*totals, totals[-1]]
    axes.plot(
        at,
        totals,
        color=_OCCURRED,
        linestyle=":",
        linewidth=1.6,
        drawstyle="steps-post",
        label="the same by day they happened",
    )


def _draw_alarms(axes: Axes, picture: RatePicture) -> None:
    axes.plot(
        [day_number(alarm.day) for alarm in picture.alarms],
        [alarm.incidents for alarm in picture.alarms],
        color=_FIRING,
        marker="v",
        markersize=9,
        markeredgecolor=PAPER,
        linestyle="none",
        zorder=5,
        label="alarm",
    )


def _draw_exposure(axes: Axes, picture: RatePicture) -> None:
    edges = [day_number(day.day) for day in picture.days]
    values = [float("nan") if day.exposure is None else day.exposure for day in picture.days]
    axes.fill_between(edges, values, step="post", color=_OCCURRED, alpha=0.5, linewidth=0)
    axes.plot(edges, values, color=_OCCURRED, linewidth=0.8, drawstyle="steps-post")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{short(picture.exposure_unit, 14)}\na day")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figure_words(value)))
    plain_frame(axes)
