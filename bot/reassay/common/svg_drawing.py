"""Shared by all pictures: Matplotlib settings, a lock, and an SVG that is inert and says what it shows (docs/decisions/0045).

Importing this module imports Matplotlib (the extra `pictures`), so it is imported where a picture is drawn and nowhere else. An
SVG is the same for the same values: it holds no date, id or version of the run. It holds no script and no address outside of
itself, and texts are text.
"""

import io
import math
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from threading import Lock
from typing import Any, Final
from xml.etree import ElementTree as ET

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reassay.common.calendar import add_months, day_and_month
from reassay.common.inert import plain
from reassay.common.sentences import shortened

WIDTH: Final = 5.4
"""Inches: 518 px as drawn. Text of 11 points has 10 px where a phone shows it 358 px wide."""
TEXT: Final = 11
INK, PAPER, SHADE, GREY = "#1f2328", "#ffffff", "#d8dee4", "#57606a"
BLUE, GREEN, RED, AMBER = "#0a52b8", "#1a7f37", "#b3261e", "#8a5a00"
"""Each has a contrast of at least 4.5 on the paper. No meaning rests on a colour alone."""
_TITLE_CHARACTERS, _TITLE_LINES = 46, 2
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reassay",
    "svg.id": None,
    "font.family": ["sans-serif"],
    # The first is part of Matplotlib, so the layout is the same everywhere; a browser without it takes the next.
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "font.size": TEXT,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": False,
    "axes.edgecolor": GREY,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.simplify": True,
    "path.sketch": None,
    "timezone": "UTC",
}
_RENDERING = Lock()
"""Matplotlib's settings are those of the process, so one picture is drawn at a time."""
_SVG = "http://www.w3.org/2000/svg"
_SHORT, _MOST_NAMED = 90, 5
"""Days below which an axis names days and not months; and how many it names at most."""


def svg_of(figure: Callable[[], Figure], title: str, description: str) -> bytes:
    """The figure as an SVG document in UTF-8, with a title and a description. It is made and written under the lock."""
    with _RENDERING, rc_context(_SETTINGS), warnings.catch_warnings():
        # Texts stay texts, so a glyph that Matplotlib's own font lacks is the browser's to find.
        warnings.filterwarnings("ignore", "Glyph ", UserWarning)
        written = io.StringIO()
        unmarked = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure().savefig(written, format="svg", metadata=unmarked)
    return _accessible(written.getvalue(), plain(title), description)


def _accessible(written: str, title_words: str, description_words: str) -> bytes:
    """The SVG without Matplotlib's metadata and document type, and with a title and a description."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(written)  # noqa: S314 -- written a moment ago by Matplotlib, which escapes texts
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    title, description = ET.Element(f"{{{_SVG}}}title"), ET.Element(f"{{{_SVG}}}desc")
    title.text, description.text = title_words, description_words
    title.set("id", "title")
    description.set("id", "description")
    root.insert(0, title)
    root.insert(1, description)
    root.set("role", "img")
    root.set("aria-labelledby", "title description")
    written_again = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f"{written_again}\n".encode()


def new_figure(height: float) -> Figure:
    """An empty figure of the common width; `height` in inches."""
    return Figure(figsize=(WIDTH, height), layout="constrained", facecolor=PAPER)


def set_title(figure: Figure, *parts: str) -> None:
    """Writes texts above a figure, each on at most two lines."""
    lines = [line for part in parts for line in _wrapped(part)]
    figure.suptitle("\n".join(lines), fontsize=TEXT + 1, fontweight="bold")


def add_legend(figure: Figure, axes: Axes, columns: int = 1) -> None:
    """The legend below a figure, last drawn first."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles[::-1],
        labels[::-1],
        loc="outside lower left",
        ncols=columns,
        frameon=False,
        fontsize=TEXT,
        borderaxespad=0.1,
    )


def plain_frame(axes: Axes) -> None:
    """Only the left and the lower edge, and faint horizontal lines."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=SHADE, linewidth=0.6)
    axes.set_axisbelow(True)


def name_days(axes: Axes, first: date, last: date, label: str) -> None:
    """Limits the axis below to these days and names at most six of them."""
    axes.set_xlim(day_number(first), max(day_number(last), day_number(first) + 1) + 0.5)
    days = named_days(first, last)
    axes.set_xticks([day_number(day) for day in days], [f"{day_and_month(day)}\n{day.year}" for day in days])
    axes.set_xlabel(label)


def named_days(first: date, last: date) -> list[date]:
    """The few days that an axis names: beginnings of months, or every few days of a short picture."""
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


def day_number(day: date) -> float:
    """The place of a day on an axis."""
    return float(day.toordinal())


def short(text: str, most: int) -> str:
    """The text on one line, cut to so many characters."""
    return shortened(plain(text), most)


def figure_words(value: float) -> str:
    """A number of an axis: `1.5 k`, `2 m`, `3 bn`."""
    for least, word in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= least:
            return f"{value / least:g} {word}"
    return f"{value:g}"


def _wrapped(text: str) -> Sequence[str]:
    return textwrap.wrap(plain(text), _TITLE_CHARACTERS, max_lines=_TITLE_LINES, placeholder=" …") or ["-"]
