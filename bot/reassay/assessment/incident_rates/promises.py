"""A promise's own count, kept to the letter: what is written, and what the last decision signed if that went since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reassay.assessment.incident_rates.figures import stated_figures, watch_key
from reassay.assessment.incident_rates.past_decisions import open_figures, past_decisions
from reassay.assessment.incident_rates.watch import RateWatch
from reassay.assessment.triggers.base import TriggerInput
from reassay.common.calendar import Duration, parse_duration
from reassay.register.frequencies import Frequency, parse_frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import exposure_between
from reassay.signals.rates.promise import Crowded, exceeded, in_window
from reassay.signals.rates.watch_events import CountedIncident


@dataclass(frozen=True, slots=True)
class CountPromise:
    """More than a number within a window starts a re-assessment."""

    most: int | Frequency
    window: Duration
    held_by: str = ""
    """What keeps it in force, where something else is written now."""

    def most_until(self, end: date, exposure: Mapping[date, float]) -> float:
        """The number within the window that ends with `end`."""
        if isinstance(self.most, int):
            return self.most
        return self.most.rate * exposure_between(exposure, self.window.before(end), end)

    @property
    def figure(self) -> str:
        """Its figure as records have it."""
        return f"{self.most} in {self.window}"

    def words(self) -> str:
        """`3 in 30 days`."""
        most = self.most if isinstance(self.most, int) else self.most.words()
        signed = f" as {self.held_by} (what is written now is not signed yet)" if self.held_by else ""
        return f"{most} in {self.window.words()}{signed}"


def promises_in_force(spec: IncidentRateSpec, facts: TriggerInput) -> tuple[CountPromise, ...]:
    """The promise that is written, and before it those that it took the place of and that are not decided about yet.

    They are what the last decision signed, and what a re-assessment is open for: a looser edit never quiets.
    """
    key, decisions = watch_key(spec), past_decisions(facts)
    stated = stated_figures(facts.subject, facts.register).get(key, ())
    opened = open_figures(key, facts)
    held = dict.fromkeys(opened.figures, f"it was when {opened.reassessment} was opened")
    if decisions:
        held |= dict.fromkeys(decisions[-1].figures(key) or (), f"{decisions[-1].name} signed it")
    went = (promise for figure, by in held.items() if figure not in stated for promise in _parsed(figure, by))
    return (*went, *_written(spec))


def _written(spec: IncidentRateSpec) -> tuple[CountPromise, ...]:
    if isinstance(spec.more_than, int | Frequency) and isinstance(spec.window, Duration):
        return (CountPromise(spec.more_than, spec.window),)
    return ()


def _parsed(figure: str, held_by: str) -> Iterator[CountPromise]:
    most, _, window = figure.rpartition(" in ")
    try:
        yield CountPromise(int(most) if most.isdigit() else parse_frequency(most), parse_duration(window), held_by)
    except ValueError:
        # It had no figure.
        return


def incidents_of(watch: RateWatch) -> tuple[CountedIncident, ...]:
    """All incidents of a watch."""
    return tuple(incident for stretch in watch.stretches for incident in stretch.incidents)


def crowded_window(promise: CountPromise, watch: RateWatch, exposure: Mapping[date, float]) -> Crowded | None:
    """The latest window with more incidents than promised that ends with one which no decision has settled; None if none."""
    crowded = exceeded(incidents_of(watch), lambda end: promise.most_until(end, exposure), promise.window, _news(watch))
    return crowded[-1] if crowded else None


def count_in(promise: CountPromise, watch: RateWatch, end: date) -> float:
    """How many incidents there were within the window that ends with `end`."""
    return in_window(incidents_of(watch), promise.window, end)


def _news(watch: RateWatch) -> Sequence[date]:
    """Days of incidents that no decision which knew of the promise has seen."""
    news: list[date] = []
    for stretch in watch.stretches:
        news += [incident.day for incident in stretch.incidents]
        if stretch.ends_with is not None and stretch.ends_with.settles_up_to > 0:
            news.clear()
    return news
