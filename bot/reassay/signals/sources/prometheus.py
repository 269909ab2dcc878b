"""A Prometheus server: counts by day from a range query (https://prometheus.io/docs/prometheus/latest/querying/api/).

Days are asked for from the last one that has a count, which `position` holds. The first reading asks for five weeks.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from reassay.ledger.signals import DayCount
from reassay.register.signal_sources import PrometheusSource
from reassay.signals.source_readings import Signal, SourceContext, SourceReader, SourceReading, SourceUnreadError
from reassay.signals.sources.counter_series import (
    DAY,
    CounterSeries,
    DaySums,
    counter_days,
    days_between,
    midnight,
    number_days,
)
from reassay.signals.sources.field_values import LARGEST_COUNT, shown
from reassay.signals.sources.json_documents import document_of, list_at, object_of
from reassay.signals.sources.rows import listed_problems, newest_count

NAME: Final = "Prometheus"
STEP: Final = 300
"""Seconds between two values of a counter; what is counted between the last of them and a restart is lost."""
MOST_DAYS: Final = 35
"""Days of one query: with STEP, 10,080 values of a series; a server gives at most 11,000."""
MOST_INCIDENTS: Final = 1000
"""Incidents of one reading, where a source gives them."""
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class _Window:
    days: Sequence[date]
    """Complete days, oldest first."""
    is_first: bool


def read(source: PrometheusSource, context: SourceContext) -> SourceReading:
    """Raises SourceUnreadError."""
    window = _window(context)
    answer = context.http.get(
        f"{source.url.rstrip('/')}/api/v1/query_range", query=_query(source, window.days), secret=source.secret
    )
    document = object_of(document_of(answer, NAME), NAME)
    if document.get("status") != "success":
        raise SourceUnreadError(f"{NAME} says {shown(document.get('error'))}. Check the query of the source.")
    if document.get("warnings") not in (None, []):
        # What is missing from a partial answer is not stated, so each of its days could be too low.
        raise SourceUnreadError(
            f"{NAME} warns that its answer may be partial, so no day was taken: {_warning(document)}."
        )
    series = _series(document)
    sums = (counter_days if source.of == "counter" else number_days)(series, window.days)
    problems = list(_problems(series, sums, window))
    counts = _counts(sums, problems)
    signals = tuple(_incidents(counts, context.now, problems)) if source.gives == "incidents" else ()
    newest = newest_count(counts)
    return SourceReading(
        signals=signals,
        counts=() if source.gives == "incidents" else counts,
        newest=newest,
        problems=listed_problems(problems),
        position={"day": counts[-1].day.isoformat()} if counts else None,
    )


def _window(context: SourceContext) -> _Window:
    today = context.now.astimezone(UTC).date()
    last = _last_day(context.position)
    earliest = today - timedelta(days=MOST_DAYS)
    if last is None:
        return _Window(days_between(earliest, today), is_first=True)
    # The last day is asked for again: values may have arrived late.
    return _Window(days_between(min(max(last, earliest), today - timedelta(days=1)), today), is_first=False)


def _last_day(position: Mapping[str, object] | None) -> date | None:
    try:
        return date.fromisoformat(str((position or {}).get("day")))
    except ValueError:
        return None


def _query(source: PrometheusSource, days: Sequence[date]) -> dict[str, str]:
    is_counter = source.of == "counter"
    begin = midnight(days[0]) + (0 if is_counter else DAY)
    return {
        "query": source.query,
        "start": str(begin),
        "end": str(midnight(days[-1]) + DAY),
        "step": str(STEP if is_counter else DAY),
    }


def _warning(document: Mapping[str, object]) -> str:
    warnings = document["warnings"]
    return shown(warnings[0] if isinstance(warnings, list) and warnings else warnings)


def _series(document: dict[str, object]) -> tuple[CounterSeries, ...]:
    data = object_of(document.get("data"), NAME)
    if data.get("resultType") != "matrix":
        raise SourceUnreadError(f"{NAME} answers with no series over time. Write a query whose values are numbers.")
    return tuple(_one_series(entry) for entry in list_at(data, "result", NAME))


def _one_series(entry: object) -> CounterSeries:
    fields = object_of(entry, NAME)
    if fields.get("histograms"):
        raise SourceUnreadError(f"{NAME} answers with histograms. Write a query whose values are numbers.")
    samples: dict[float, float] = {}
    for pair in list_at(fields, "values", NAME):
        at, value = _sample(pair)
        samples[at] = value if samples.get(at, value) == value else math.nan
    return CounterSeries(_name(fields.get("metric")), tuple(sorted(samples.items())))


def _sample(pair: object) -> tuple[float, float]:
    """Time and value; a value is a text, so that NaN and infinities can be written."""
    if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 -- a pair
        at, value = pair
        if (
            isinstance(at, int | float)
            and not isinstance(at, bool)
            and isinstance(value, str)
            and abs(at) < LARGEST_COUNT
        ):
            try:
                return float(at), float(value)
            except ValueError:
                pass
    raise SourceUnreadError(f"{NAME} answers with {shown(pair)}, which is not a time and a value.")


def _name(metric: object) -> str:
    labels = metric.items() if isinstance(metric, dict) else ()
    written = ", ".join(f"{key}={value}" for key, value in sorted(labels, key=str))
    return f"the series {shown(written[:_LONGEST_NAME] or '{}')}"


def _problems(series: Sequence[CounterSeries], sums: DaySums, window: _Window) -> Iterator[str]:
    """Days without a count. Those before the first count of a first reading are before the watch."""
    if not series:
        yield "The query matches no series, so no day has a count. Correct it, or have the metric exported from zero on."
    first = min(sums.counts, default=window.days[0]) if window.is_first else window.days[0]
    for day, reason in sums.unknown.items():
        if day >= first:
            yield f"{day} is unknown: {reason}."


def _counts(sums: DaySums, problems: list[str]) -> tuple[DayCount, ...]:
    counts = []
    for day, count in sorted(sums.counts.items()):
        if count > LARGEST_COUNT:
            problems.append(f"{day} is unknown: its count is more than can be counted.")
        else:
            counts.append(DayCount(day=day, count=count))
    return tuple(counts)


def _incidents(counts: Sequence[DayCount], now: datetime, problems: list[str]) -> Iterator[Signal]:
    """As many incidents a day as were counted, rounded up: Prometheus knows neither their hour nor their cause."""
    left = MOST_INCIDENTS
    for count in counts:
        number = math.ceil(count.count)
        end = datetime.combine(count.day + timedelta(days=1), time.min, UTC)
        for place in range(1, min(number, left) + 1):
            yield Signal(f"{count.day}/{place}", f"Incident {place} counted on {count.day}", min(end, now))
        if number > left:
            problems.append(
                f"{number:,} incidents are counted on {count.day}, of which {left:,} were taken; let the source give a count."
            )
        left = max(0, left - number)


READER = SourceReader("prometheus", PrometheusSource, frozenset({"action", "app"}), is_pushed=False, read=read)
