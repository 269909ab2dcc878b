"""Results of criteria as text, with the places of a small meter."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reassay.common.calendar import day_words
from reassay.dashboard.subject_values import CriterionFigure
from reassay.dashboard.views.state_words import VERDICTS, Tone, tone_words

STEPS: Final = 50
"""Steps of a meter from its left to its right end: no inline styles are allowed, so each place is a class."""
_ROOM: Final = 1.25
"""The scale ends that much beyond the largest number on it."""
_MOST_DIGITS: Final = 6
_ROUND: Final = 10
"""Smaller numbers have at least two digits, others three: `2.1`, `76.5`."""


@dataclass(frozen=True, slots=True)
class FigureText:
    """One result in words, with its interval against the target."""

    criterion: str
    verdict: str
    tone: Tone
    result: str
    """For example `2.1% (0.4 to 6.1%, at most 10%)`."""
    detail: str
    """Counts, level of the interval and day, as far as they are known."""
    why: str
    meter: str
    """Classes of the meter; empty without a value."""
    distance: float
    """The less favourable end of the interval in parts of the target: above 1 the target is missed. For sorting."""


def figure_text(figure: CriterionFigure, *, is_past: bool = False) -> FigureText:
    """The words of a result. With `is_past`, a criterion that was met is not shown as good: its cell is overdue or worse."""
    verdict = tone_words(VERDICTS, figure.verdict)
    return FigureText(
        criterion=figure.criterion,
        verdict=verdict.words,
        tone="quiet" if is_past and verdict.tone == "good" else verdict.tone,
        result=_result(figure),
        detail=", ".join(_details(figure)),
        why=figure.why,
        meter=_meter(figure),
        distance=_distance(figure),
    )


def measure_words(value: float, unit: str, *beside: float | None) -> str:
    """A number with its unit; a fraction in per cent. It has so many digits that it differs from each different one beside it."""
    number = _scaled(value, unit, *beside)
    return f"{number} {unit}" if unit else f"{number}%"


def _scaled(value: float, unit: str, *beside: float | None) -> str:
    scale = 1.0 if unit else 100.0
    return _number(value * scale, *(other * scale for other in beside if other is not None))


def _number(value: float, *beside: float) -> str:
    for digits in range(2 if abs(value) < _ROUND else 3, _MOST_DIGITS + 1):
        words = _rounded(value, digits)
        if not any(words == _rounded(other, digits) for other in beside if other != value):
            return words
    return _rounded(value, _MOST_DIGITS)


def _rounded(value: float, digits: int) -> str:
    text = f"{float(f'{value:.{digits}g}'):,.10f}"
    return text.rstrip("0").rstrip(".")


def _result(figure: CriterionFigure) -> str:
    target = f"{_bound(figure)} {measure_words(figure.target, figure.unit)}" if figure.target is not None else ""
    if figure.value is None:
        return f"no value ({target})" if target else "no value"
    ends = [figure.lower, figure.upper]
    interval = ""
    if figure.lower is not None and figure.upper is not None:
        lower = _scaled(figure.lower, figure.unit, figure.target)
        interval = f"{lower} to {measure_words(figure.upper, figure.unit, figure.target)}"
    else:
        interval = ", ".join(
            f"{word} {measure_words(end, figure.unit, figure.target)}"
            for word, end in zip(("from", "up to"), ends, strict=True)
            if end is not None
        )
    inside = ", ".join(filter(None, (interval, target)))
    value = measure_words(figure.value, figure.unit, figure.target)
    return f"{value} ({inside})" if inside else value


def _bound(figure: CriterionFigure) -> str:
    return "at most" if figure.is_ceiling else "at least"


def _details(figure: CriterionFigure) -> Iterator[str]:
    if figure.cell:
        yield f"in {figure.cell}"
    if figure.n is not None:
        yield f"{figure.k:,} of {figure.n:,}" if figure.k is not None else f"n = {figure.n:,}"
    if figure.level is not None and (figure.lower is not None or figure.upper is not None):
        yield f"{figure.level * 100:.10g}% interval"
    if figure.basis:
        yield figure.basis
    if figure.on:
        yield day_words(figure.on, year=True)


def _numbers(figure: CriterionFigure) -> list[float]:
    return [number for number in (figure.value, figure.lower, figure.upper, figure.target) if number is not None]


def _meter(figure: CriterionFigure) -> str:
    """Classes `l`, `r` (ends of the interval), `v` (value) and `t` (target) with their steps."""
    if figure.value is None:
        return ""
    most = max(_numbers(figure)) * _ROOM
    most = min(most, 1.0) if not figure.unit and max(_numbers(figure)) <= 1 else most
    places = {
        "l": figure.lower if figure.lower is not None else figure.value,
        "r": figure.upper if figure.upper is not None else figure.value,
        "v": figure.value,
        "t": figure.target,
    }
    return " ".join(f"{name}{_step(place, most)}" for name, place in places.items() if place is not None)


def _step(place: float, most: float) -> int:
    return round(min(max(place / most, 0.0), 1.0) * STEPS) if most > 0 else 0


def _distance(figure: CriterionFigure) -> float:
    if figure.value is None or figure.target is None:
        return float("inf")
    if figure.is_ceiling:
        worst = figure.upper if figure.upper is not None else figure.value
        return worst / figure.target if figure.target > 0 else float("inf") if worst > 0 else 1.0
    worst = figure.lower if figure.lower is not None else figure.value
    return figure.target / worst if worst > 0 else float("inf")


def meter_rules() -> str:
    """Rules of the style sheet for the steps of meters."""
    return "".join(
        f".{name}{step}{{--{name}:{step * 100 // STEPS}%}}"
        for name in ("l", "r", "v", "t")
        for step in range(STEPS + 1)
    )
