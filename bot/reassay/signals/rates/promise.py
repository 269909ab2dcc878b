"""A promise's own count: more than N incidents within W, kept to the letter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reassay.common.calendar import Duration
from reassay.signals.rates.watch_events import CountedIncident


@dataclass(frozen=True, slots=True)
class Crowded:
    """The incidents within a window that are more than promised."""

    on: date
    """The last day of the window."""
    incidents: float
    most: float
    """The number that is promised not to be exceeded."""


def in_window(incidents: Iterable[CountedIncident], window: Duration, end: date) -> float:
    """How many incidents there were within the window that ends with `end`, one a root cause."""
    after = window.before(end)
    numbers: dict[str, float] = {}
    for incident in incidents:
        if after < incident.day <= end:
            numbers[incident.cause] = max(incident.number, numbers.get(incident.cause, 0.0))
    return sum(numbers.values())


def exceeded(
    incidents: Sequence[CountedIncident], most: Callable[[date], float], window: Duration, news: Iterable[date]
) -> tuple[Crowded, ...]:
    """The windows that end with one of the days `news` and have more incidents than `most` says for them, in order of time."""
    windows = (Crowded(end, in_window(incidents, window, end), most(end)) for end in sorted(set(news)))
    return tuple(crowded for crowded in windows if crowded.incidents > crowded.most)
