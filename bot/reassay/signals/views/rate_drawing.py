"""Draws an incident rate's picture as SVG, with Matplotlib (docs/decisions/0045): the extra `pictures`.

Importing this module imports Matplotlib, so it is imported where a picture is drawn and nowhere else. The SVG is the same for the
same values: it holds no date, id or version of the run. It holds no script and no address outside of itself, and texts are text.
"""

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from threading import Lock
from typing import Any, Final
from xml.etree import ElementTree as ET

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reassay.common.calendar import add_months
from reassay.common.inert import plain
from reassay.signals.views.rate_picture import UNSETTLED, RatePicture, alternative_text

WIDTH: Final = 5.4
"""Inches: 518 px as drawn. Text of 11 points has 10 px where a phone shows it 358 px wide."""
_HEIGHT, _EXPOSURE_HEIGHT = 5.2, 1.2
_TEXT, _TITLE_CHARACTERS, _TITLE_LINES = 11, 46, 2
_INK, _PAPER, _SHADE = "#1f2328", "#ffffff", "#d8dee4"
_INCIDENTS, _ACCEPTED, _FIRING, _OCCURRED = "#0a52b8", "#1a7f37", "#b3261e", "#57606a"
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reassay",
    "svg.id": None,
    "font.family": ["sans-serif"],
    # The first is part of Matplotlib, so the layout is the same everywhere; a browser without it takes the next.
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "font.size": _TEXT,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": False,
    "axes.edgecolor": _OCCURRED,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "path.simplify": True,
    "path.sketch": None,
    "timezone": "UTC",
}
_RENDERING = Lock()
"""Matplotlib's settings are those of the process, so one picture is drawn at a time."""
_SVG = "http://www.w3.org/2000/svg"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT, _MOST_NAMED = 90, 5
"""Days below which an axis names days and not months; and how many it names at most."""


def draw(picture: RatePicture) -> bytes:
    """The picture as an SVG document in UTF-8."""
    with _RENDERING, rc_context(_SETTINGS):
        figure = _figure(picture)
        written = io.StringIO()
        unmarked = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", metadata=unmarked)
    return _accessible(written.getvalue(), picture)


def _figure(picture: RatePicture) -> Figure:
    has_exposure = bool(picture.exposure_unit)
    height = _HEIGHT + (_EXPOSURE_HEIGHT if has_exposure else 0)
    figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor=_PAPER)
    if has_exposure:
        counts, exposure = figure.subplots(2, 1, sharex=True, height_ratios=(2.6, 1))
        _draw_exposure(exposure, picture)
        lowest = exposure
    else:
        counts = lowest = figure.subplots()
    _draw_counts(counts, picture)
    _name_days(lowest, picture)
    figure.suptitle(_title(picture), fontsize=_TEXT + 1, fontweight="bold")
    handles, labels = counts.get_legend_handles_labels()
    figure.legend(
        handles[::-1], labels[::-1], loc="outside lower left", ncols=1, frameon=False, fontsize=_TEXT, borderaxespad=0.1
    )
    return figure


def _draw_counts(axes: Axes, picture: RatePicture) -> None:
    days = [_number(day.day) for day in picture.days]
    axes.axvspan(_number(picture.unsettled_from), days[-1] + 0.5, color=_SHADE, linewidth=0, label=UNSETTLED)
    fires = [day.fires_at for day in picture.days]
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
        axes.axvline(_number(at), color=_OCCURRED, linewidth=1, label="decision" if is_first else None)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.set_ylabel("incidents so far")
    _plain_frame(axes)


def _draw_occurred(axes: Axes, picture: RatePicture) -> None:
    """The same incidents by the day on which they happened; earlier ones count from the first day on."""
    first = picture.days[0].day
    at = [_number(first), *(_number(max(first, day)) for day in sorted(picture.occurred))]
    totals = [0.0, *(float(count) for count in range(1, len(picture.occurred) + 1))]
    at, totals = [*at, _number(picture.last.day)], [*totals, totals[-1]]
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
        [_number(alarm.day) for alarm in picture.alarms],
        [alarm.incidents for alarm in picture.alarms],
        color=_FIRING,
        marker="v",
        markersize=9,
        markeredgecolor=_PAPER,
        linestyle="none",
        zorder=5,
        label="alarm",
    )


def _draw_exposure(axes: Axes, picture: RatePicture) -> None:
    edges = [_number(day.day) for day in picture.days]
    values = [float("nan") if day.exposure is None else day.exposure for day in picture.days]
    axes.fill_between(edges, values, step="post", color=_OCCURRED, alpha=0.5, linewidth=0)
    axes.plot(edges, values, color=_OCCURRED, linewidth=0.8, drawstyle="steps-post")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{_short(picture.exposure_unit, 14)}\na day")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _figure_words(value)))
    _plain_frame(axes)


def _name_days(axes: Axes, picture: RatePicture) -> None:
    first, last = picture.days[0].day, picture.last.day
    axes.set_xlim(_number(first), max(_number(last), _number(first) + 1) + 0.5)
    days = _named_days(first, last)
    axes.set_xticks([_number(day) for day in days], [f"{_day(day)}\n{day.year}" for day in days])
    axes.set_xlabel("day (UTC)")


def _named_days(first: date, last: date) -> list[date]:
    """At most five days that the axis names: beginnings of months, or every few days of a short picture."""
    span = (last - first).days
    if span < _SHORT:
        step = max(1, math.ceil(span / 4))
        return [first + timedelta(days=number) for number in range(0, span + 1, step)]
    for months in (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 600):
        starts = [day for day in _month_starts(first, last) if (day.year * 12 + day.month - 1) % months == 0]
        if len(starts) <= _MOST_NAMED:
            return starts
    return [first, last]


def _month_starts(first: date, last: date) -> Iterator[date]:
    day = first if first.day == 1 else add_months(first.replace(day=1), 1)
    while day <= last:
        yield day
        day = add_months(day, 1)


def _plain_frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=_SHADE, linewidth=0.6)
    axes.set_axisbelow(True)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _number(day: date) -> float:
    return float(day.toordinal())


def _figure_words(value: float) -> str:
    for least, word in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= least:
            return f"{value / least:g} {word}"
    return f"{value:g}"


def _title(picture: RatePicture) -> str:
    return "\n".join([*_wrapped(picture.title), *_wrapped(picture.rule)])


def _wrapped(text: str) -> Sequence[str]:
    return textwrap.wrap(plain(text), _TITLE_CHARACTERS, max_lines=_TITLE_LINES, placeholder=" …") or ["-"]


def _short(text: str, most: int) -> str:
    shown = plain(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _accessible(written: str, picture: RatePicture) -> bytes:
    """The SVG without Matplotlib's metadata and document type, and with a title and a description."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(written)  # noqa: S314 -- written a moment ago by Matplotlib, which escapes texts
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    title, description = ET.Element(f"{{{_SVG}}}title"), ET.Element(f"{{{_SVG}}}desc")
    title.text, description.text = plain(picture.title), alternative_text(picture)
    title.set("id", "title")
    description.set("id", "description")
    root.insert(0, title)
    root.insert(1, description)
    root.set("role", "img")
    root.set("aria-labelledby", "title description")
    written_again = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f"{written_again}\n".encode()
