"""The pictures of a dashboard, and a text for each for people who cannot see it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from reassay.common.calendar import day_words
from reassay.common.inert import plain
from reassay.common.sentences import count_words, shortened
from reassay.dashboard.pictures.picture_parts import (
    UNMET,
    place_words,
    shown_events,
    target_words,
    value_words,
    without_blind,
)
from reassay.dashboard.subject_values import EffectivenessPoint, EffectivenessSeries, TimelineEvent
from reassay.dashboard.values import Dashboard

STATES: Final = "states"
TIMELINE: Final = "timeline"
INCIDENTS: Final = "incidents"
EFFECTIVENESS: Final = "effectiveness"
_MOST_NAMED: Final = 5
_LONGEST: Final = 120
"""Characters of a title in a text."""
_LONGEST_TEXT: Final = 600


def picture_names(dashboard: Dashboard) -> tuple[str, ...]:
    """The names of its pictures, without folder and suffix. What has no values has no picture."""
    return (
        *([STATES] if dashboard.cells else []),
        *([TIMELINE] if dashboard.timeline else []),
        *(f"{INCIDENTS}-{number}" for number, chart in enumerate(dashboard.incident_charts, 1) if chart.days),
        *(f"{EFFECTIVENESS}-{number}" for number, series in enumerate(dashboard.series, 1) if series.points),
    )


def kind_of(dashboard: Dashboard, name: str) -> tuple[str, int]:
    """The kind of a picture, and its index in the dashboard's tuple of that kind. Raises KeyError for an unknown name."""
    if name not in picture_names(dashboard):
        raise KeyError(name)
    kind, _, number = name.partition("-")
    return kind, int(number or 1) - 1


def picture_text(dashboard: Dashboard, name: str) -> str:
    """What a picture shows, in one or two sentences on one line. Raises KeyError for an unknown name."""
    return _short(_text(dashboard, *kind_of(dashboard, name)), _LONGEST_TEXT)


def _text(dashboard: Dashboard, kind: str, index: int) -> str:
    if kind == STATES:
        return _states(dashboard)
    if kind == TIMELINE:
        return _timeline(dashboard)
    if kind == EFFECTIVENESS:
        return _effectiveness(dashboard.series[index])
    chart = dashboard.incident_charts[index]
    return f"{_short(chart.title)}, incidents against what is accepted: {chart.words}"


def _states(dashboard: Dashboard) -> str:
    total = len(dashboard.cells)
    counts = ", ".join(f"{count} {state}" for state, count in dashboard.summary)
    blind = total - sum(without_blind(dashboard).values())
    unseen = f" For {blind} of them a source is missing." if blind else ""
    return f"{count_words(total, 'cell')} by state: {counts}.{unseen}"


def _timeline(dashboard: Dashboard) -> str:
    events = shown_events(dashboard)
    past = Counter(event.kind for event in events.shown if event.on <= dashboard.today)
    later = [event for event in events.shown if event.on > dashboard.today]
    late = sum(event.is_late for event in events.shown)
    parts = [
        f"{past['decided']} decided",
        f"{past['opened']} opened",
        *([f"{past['imported']} imported"] if past["imported"] else []),
        f"{late} late",
        f"{len(later)} to come",
    ]
    left = f" {events.left_out} more are earlier or later." if events.left_out else ""
    first, last = (day_words(day, year=True) for day in (events.first, events.last))
    return f"Re-assessments from {first} to {last}: {', '.join(parts)}.{_next(later)}{left}"


def _next(later: Sequence[TimelineEvent]) -> str:
    if not later:
        return ""
    event = min(later, key=lambda own: own.on)
    return f" Next: {_short(event.title)}, {day_words(event.on, year=True)}."


def _effectiveness(series: EffectivenessSeries) -> str:
    last, number = series.points[-1], len(series.points)
    about = ", ".join(_short(text) for text in (place_words(series.subject, series.cell), series.criterion))
    start = f"{about}: {count_words(number, 'result')}"
    target = f"; {target_words(series)}" if series.target is not None else ""
    shown = f"{start}: {', '.join(_verdicts(series.points))}{target}"
    return f"{shown}. Last, on {day_words(last.on, year=True)}: {_point(last, series)}."


def _verdicts(points: Sequence[EffectivenessPoint]) -> Iterator[str]:
    met = sum(point.verdict == "met" for point in points)
    missed = [day_words(point.on, year=True) for point in points if point.verdict in UNMET]
    unclear = len(points) - met - len(missed)
    if met:
        yield f"{met} met"
    if missed:
        more = f" and {len(missed) - _MOST_NAMED} earlier" if len(missed) > _MOST_NAMED else ""
        yield f"{len(missed)} missed ({', '.join(missed[-_MOST_NAMED:])}{more})"
    if unclear:
        yield f"{unclear} neither met nor missed"


def _point(point: EffectivenessPoint, series: EffectivenessSeries) -> str:
    shown = value_words(point.value, series.unit)
    if point.lower is not None and point.upper is not None:
        shown += f" ({value_words(point.lower, series.unit)} to {value_words(point.upper, series.unit)})"
    return f"{shown}, {point.verdict}"


def _short(text: str, most: int = _LONGEST) -> str:
    return shortened(plain(text), most)
