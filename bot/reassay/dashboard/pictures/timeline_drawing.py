"""Draws past and coming re-assessments: a row for each subject, or a count a month. Importing this module imports Matplotlib."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reassay.common.calendar import add_months, day_words
from reassay.common.svg_drawing import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    PAPER,
    RED,
    SHADE,
    add_legend,
    day_number,
    name_days,
    new_figure,
    plain_frame,
    set_title,
    short,
)
from reassay.dashboard.pictures.picture_parts import ShownEvents
from reassay.dashboard.subject_values import TimelineEvent

MOST_ROWS: Final = 25
"""Subjects that have a row each; more are counted by month."""
_ROW, _REST, _COUNTS = 0.27, 2.6, 4.6
"""Inches of one row, of what is around all rows, and of a whole picture of counts."""
_NAME: Final = 17
"""Characters of a subject's id."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """One kind of event: its words, and a shape that no other kind has."""

    label: str
    fits: Callable[[TimelineEvent], bool]
    shape: dict[str, Any]


def _decision(event: TimelineEvent) -> str:
    """Its decision without the basis, as "effective"; empty if nothing was decided."""
    return event.decision.partition(" ")[0] if event.kind == "decided" else ""


_MARKS: Final = (
    _Mark("due", lambda own: own.kind in {"due", "will-be-due"}, {"marker": "D", "color": PAPER, "markeredgecolor": INK}),
    _Mark("will open", lambda own: own.kind == "will-open", {"marker": ">", "color": PAPER, "markeredgecolor": BLUE}),
    _Mark("opened", lambda own: own.kind == "opened", {"marker": "|", "color": GREY, "markersize": 13, "markeredgewidth": 1.8}),
    _Mark("imported", lambda own: own.kind == "imported", {"marker": "o", "color": PAPER, "markeredgecolor": GREY}),
    _Mark(
        "decided: effective",
        lambda own: _decision(own) == "effective",
        {"marker": "o", "color": GREEN, "markeredgecolor": GREEN},
    ),
    _Mark(
        "decided: anything else",
        lambda own: own.kind == "decided" and _decision(own) not in {"effective", "ineffective"},
        {"marker": "o", "color": AMBER, "markeredgecolor": AMBER, "fillstyle": "left", "markerfacecoloralt": PAPER},
    ),
    _Mark(
        "decided: ineffective",
        lambda own: _decision(own) == "ineffective",
        {"marker": "X", "color": RED, "markeredgecolor": RED},
    ),
    _Mark(
        "late",
        lambda own: own.is_late,
        {"marker": "s", "color": "none", "markeredgecolor": RED, "markersize": 13, "markeredgewidth": 1.8},
    ),
)  # fmt: skip
_COUNTED: Final[tuple[tuple[str, str, str, Callable[[TimelineEvent], bool]], ...]] = (
    ("decided", GREEN, "", lambda own: own.kind == "decided" and not own.is_late),
    ("decided late", AMBER, "..", lambda own: own.kind == "decided" and own.is_late),
    ("due and late", RED, "xx", lambda own: own.kind in {"due", "will-be-due"} and own.is_late),
    ("due", SHADE, "", lambda own: own.kind in {"due", "will-be-due"} and not own.is_late),
)


def timeline_figure(events: ShownEvents, today: date) -> Figure:
    """The figure of these events, with today as a line."""
    subjects = _in_order(event.subject for event in events.shown)
    has_rows = len(subjects) <= MOST_ROWS
    figure = new_figure(_REST + _ROW * max(len(subjects), 3) if has_rows else _COUNTS)
    axes = figure.subplots()
    axes.axvspan(day_number(today), day_number(events.last) + 40, color="#f1f4f8", linewidth=0, zorder=0)
    axes.axvline(day_number(today), color=INK, linewidth=1.4, zorder=1, label=f"today, {day_words(today, year=True)}")
    if has_rows:
        _draw_rows(axes, events.shown, subjects)
    else:
        _draw_counts(axes, events.shown)
    name_days(axes, events.first, events.last, "")
    axes.set_xlim(day_number(events.first) - _margin(events), day_number(events.last) + _margin(events))
    left = f"{events.left_out:,} more are earlier or later" if events.left_out else ""
    set_title(figure, "Past and coming re-assessments", *([left] if left else []))
    add_legend(figure, axes, columns=2)
    return figure


def _margin(events: ShownEvents) -> float:
    return max(3.0, (events.last - events.first).days * 0.03)


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _draw_rows(axes: Axes, events: Sequence[TimelineEvent], subjects: Sequence[str]) -> None:
    rows = {subject: number for number, subject in enumerate(subjects)}
    for number, mark in enumerate(_MARKS):
        own = [event for event in events if mark.fits(event)]
        if own:
            style = {"markersize": 7.5, "markeredgewidth": 1.3, "linestyle": "none", **mark.shape}
            days, places = [day_number(event.on) for event in own], [rows[event.subject] for event in own]
            axes.plot(days, places, label=mark.label, zorder=3 + number, **style)
    axes.set_yticks(range(len(subjects)), [short(subject, _NAME) for subject in subjects])
    axes.set_ylim(max(len(subjects), 1) - 0.4, -0.6)
    plain_frame(axes)


def _draw_counts(axes: Axes, events: Sequence[TimelineEvent]) -> None:
    starts = sorted({event.on.replace(day=1) for event in events})
    below = Counter[date]()
    for label, colour, hatch, fits in _COUNTED:
        counts = Counter(event.on.replace(day=1) for event in events if fits(event))
        if counts:
            own = [start for start in starts if counts[start]]
            axes.bar(
                [day_number(start) for start in own],
                [counts[start] for start in own],
                [_length(start) for start in own],
                [below[start] for start in own],
                align="edge",
                color=colour,
                hatch=hatch,
                edgecolor=PAPER if hatch else INK,
                linewidth=0.6,
                label=label,
                zorder=2,
            )
        below += counts
    opened = Counter(event.on.replace(day=1) for event in events if event.kind in {"opened", "will-open"})
    axes.plot(
        [day_number(start) + _length(start) / 2 for start in opened],
        list(opened.values()),
        marker="^",
        color=BLUE,
        markeredgecolor=PAPER,
        markersize=8,
        linestyle="none",
        zorder=4,
        label="opened, or will open",
    )
    axes.set_ylabel("re-assessments a month")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    plain_frame(axes)


def _length(month: date) -> float:
    """The width of the bar of a month, in days."""
    return (add_months(month, 1) - month).days * 0.8
