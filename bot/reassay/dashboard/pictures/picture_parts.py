"""Parts that pictures and their texts share: the events that are shown, numbers in words, incident charts as rate pictures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reassay.common.calendar import add_months
from reassay.common.inert import plain
from reassay.dashboard.coverage_values import IncidentChart
from reassay.dashboard.subject_values import EffectivenessSeries, TimelineEvent
from reassay.dashboard.values import Dashboard
from reassay.signals.replay.lines import RateDay
from reassay.signals.views.rate_picture import PictureAlarm, RatePicture

UNMET: Final = frozenset({"missed", "exceeded"})
"""Verdicts on a criterion that say that its target is not met."""
PAST_MONTHS: Final = 24
COMING_MONTHS: Final = 18
"""Months around today that a timeline shows: decades of imported history would leave no room for this year."""
_SHORTEST: Final = 30
"""Days that a timeline has at least."""


@dataclass(frozen=True, slots=True)
class ShownEvents:
    """The events of a timeline that fit around today."""

    shown: tuple[TimelineEvent, ...]
    left_out: int
    first: date
    last: date
    """First and last day of the axis; today is between them."""


def shown_events(dashboard: Dashboard) -> ShownEvents:
    """The events from two years ago to a year and a half from now; the others are counted."""
    today = dashboard.today
    since, until = add_months(today, -PAST_MONTHS), add_months(today, COMING_MONTHS)
    shown = tuple(event for event in dashboard.timeline if since <= event.on <= until)
    days = [today, *(event.on for event in shown)]
    first, last = min(days), max(days)
    if (last - first).days < _SHORTEST:
        first, last = first - timedelta(days=_SHORTEST // 2), last + timedelta(days=_SHORTEST // 2)
    return ShownEvents(shown, len(dashboard.timeline) - len(shown), first, last)


def without_blind(dashboard: Dashboard) -> Mapping[str, int]:
    """State and number of its cells for which no source is missing."""
    return Counter(cell.state for cell in dashboard.cells if not cell.is_blind)


def place_words(subject: str, cell: str) -> str:
    """A subject and its deployment; the subject alone where no deployment is named."""
    return subject if cell == "*" else f"{subject}, {cell}"


def value_words(value: float, unit: str) -> str:
    """A result: a fraction in per cent, or a number with its unit."""
    return f"{value * 100:.3g}%" if not unit else f"{value:,.4g} {plain(unit)}"


def target_words(series: EffectivenessSeries) -> str:
    """The target of today in words; empty without one."""
    if series.target is None:
        return ""
    return f"target: {'at most' if series.is_ceiling else 'at least'} {value_words(series.target, series.unit)}"


@dataclass(frozen=True, slots=True)
class ChartPicture(RatePicture):
    """The picture of an incident chart, which says itself which days are not settled."""

    unsettled: date | None = None
    """The first day that is not settled; None if all are."""

    @property
    def unsettled_from(self) -> date:
        """The first day that is not settled; the day after the last one if all are."""
        return self.unsettled or self.days[-1].day + timedelta(days=1)


def chart_picture(chart: IncidentChart) -> ChartPicture:
    """An incident chart as the picture that the watch's issue shows. A day without a firing line leaves a gap in it."""
    nowhere = float("nan")
    days = tuple(
        RateDay(day.on, day.incidents, day.accepted, nowhere if day.fires_at is None else day.fires_at, day.exposure)
        for day in chart.days
    )
    totals = {day.on: day.incidents for day in chart.days}
    return ChartPicture(
        title=chart.title,
        rule=place_words(chart.subject, chart.cell),
        days=days,
        alarms=tuple(PictureAlarm(day, totals[day]) for day in chart.fired if day in totals),
        exposure_unit=chart.unit,
        unsettled=next((day.on for day in chart.days if not day.is_settled), None),
    )
