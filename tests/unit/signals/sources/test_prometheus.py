"""Prometheus: which days are asked for, and what restarts, NaN, warnings and missing series mean."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from reassay.ledger.signals import DayCount
from reassay.register.signal_sources import PrometheusSource
from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources.counter_series import DAY, midnight
from reassay.signals.sources.prometheus import MOST_INCIDENTS, READER, STEP
from tests.unit.signals.sources.source_lab import NOW, Web, context_of

BASE = "https://prometheus.example.org"
URL = f"{BASE}/api/v1/query_range"
YESTERDAY, BEFORE = date(2026, 11, 30), date(2026, 11, 29)
POSITION = {"day": BEFORE.isoformat()}


def source_of(**settings: object) -> PrometheusSource:
    fields = {"id": "blocked", "kind": "prometheus", "url": BASE, "query": "blocked_total", **settings}
    return PrometheusSource.model_validate_json(json.dumps(fields))


def answer(*series: object, **fields: object) -> dict[str, object]:
    return {"status": "success", "data": {"resultType": "matrix", "result": list(series)}, **fields}


def counter(values: Mapping[int, str], name: str = "a", first: date = BEFORE) -> dict[str, object]:
    """A counter with a value every five minutes, which stays as it is between those that are given by their hour."""
    pairs: list[list[object]] = []
    value = values[0]
    for place in range(2 * DAY // STEP + 1):
        value = values.get(place // 12, value) if place % 12 == 0 else value
        pairs.append([midnight(first) + place * STEP, value])
    return {"metric": {"__name__": "blocked_total", "instance": name}, "values": pairs}


def ends(*values: str, last: date = YESTERDAY) -> dict[str, object]:
    """A series with one value at the end of each day."""
    begin = midnight(last) + DAY - DAY * (len(values) - 1)
    return {"metric": {}, "values": [[begin + DAY * place, value] for place, value in enumerate(values)]}


def read(document: object, position: Mapping[str, object] | None = POSITION, **settings: object) -> SourceReading:
    return READER.read(source_of(**settings), context_of(Web({URL: document}), position=position))


def counts_of(reading: SourceReading) -> list[tuple[date, float]]:
    return [(count.day, count.count) for count in reading.counts]


def test_a_counter_is_counted_by_day_over_restarts_and_all_series() -> None:
    reading = read(answer(counter({0: "12", 5: "13", 30: "2", 31: "5"}), counter({0: "4", 47: "6"}, "b")))
    # The first series rises by 1, then begins again and reaches 5; the second rises by 2 in the last hour.
    assert counts_of(reading) == [(BEFORE, 1), (YESTERDAY, 5 + 2)]
    assert reading.newest == datetime(2026, 12, 1, tzinfo=UTC)
    assert reading.position == {"day": "2026-11-30"}
    assert reading.problems == ()


def test_nan_leaves_its_day_unknown_and_never_zero() -> None:
    reading = read(answer(counter({0: "12", 5: "13"}), counter({0: "4", 30: "NaN", 31: "5"}, "b")))
    assert counts_of(reading) == [(BEFORE, 1)]
    assert reading.problems == (
        "2026-11-30 is unknown: the series '__name__=blocked_total, instance=b' is not a number.",
    )
    assert reading.position == {"day": "2026-11-29"}


def test_a_series_that_is_missing_for_a_day_leaves_it_unknown_and_the_remedy_is_said() -> None:
    short = counter({0: "1"}, "b")
    short["values"] = short["values"][: DAY // STEP]  # type: ignore[index] # it ends five minutes before midnight
    reading = read(answer(counter({0: "0", 1: "3"}), short))
    assert reading.counts == ()
    assert [problem[:10] for problem in reading.problems] == ["2026-11-29", "2026-11-30"]
    assert "where series come and go, ask for sum(increase(...[1d])) and state 'of: per-day'" in reading.problems[0]


def test_a_query_that_matches_nothing_is_a_problem_and_no_count() -> None:
    reading = read(answer())
    assert reading.counts == ()
    assert reading.position is None
    assert reading.problems == (
        "The query matches no series, so no day has a count. Correct it, or have the metric exported from zero on.",
    )


def test_of_a_partial_answer_no_day_is_taken() -> None:
    with pytest.raises(SourceUnreadError, match=r"no day was taken: 'partial response'\.$"):
        read(answer(counter({0: "12"}), warnings=["partial response"]))
    assert read(answer(counter({0: "12"}), warnings=[], infos=["it may not be a counter"])).problems == ()


def test_numbers_a_day_are_those_at_the_ends_of_days() -> None:
    reading = read(answer(ends("3.5", "4")), of="per-day", gives="exposure")
    assert counts_of(reading) == [(BEFORE, 3.5), (YESTERDAY, 4)]


def test_days_are_asked_for_from_the_last_one_that_has_a_count() -> None:
    for settings, start, step in (({}, midnight(BEFORE), "300"), ({"of": "per-day"}, midnight(BEFORE) + DAY, "86400")):
        web = Web({URL: answer()})
        READER.read(source_of(**settings), context_of(web, position=POSITION))
        end = str(midnight(YESTERDAY) + DAY)
        assert web.queries == [{"query": "blocked_total", "start": str(start), "end": end, "step": step}]


@pytest.mark.parametrize(
    ("position", "first"),
    [
        (None, date(2026, 10, 27)),
        ({"day": "2020-01-01"}, date(2026, 10, 27)),
        ({"day": ["odd"]}, date(2026, 10, 27)),
        ({"day": "2026-11-28"}, date(2026, 11, 28)),
        ({"day": "2026-11-30"}, YESTERDAY),
        ({"day": "2036-01-01"}, YESTERDAY),
    ],
)
def test_the_window_is_bounded_and_no_position_makes_it_empty(
    position: Mapping[str, object] | None, first: date
) -> None:
    web = Web({URL: answer()})
    READER.read(source_of(), context_of(web, position=position))
    (query,) = web.queries
    assert int(query["start"]) == midnight(first)
    assert (int(query["end"]) - int(query["start"])) // STEP < 11_000


def test_days_before_the_first_count_of_a_first_reading_are_before_the_watch() -> None:
    reading = read(answer(ends("3", "4")), None, of="per-day")
    assert counts_of(reading) == [(BEFORE, 3), (YESTERDAY, 4)]
    assert reading.problems == ()
    later = read(answer(ends("4")), {"day": "2026-11-28"}, of="per-day")
    assert [problem[:10] for problem in later.problems] == ["2026-11-28", "2026-11-29"]


def test_incidents_are_as_many_as_were_counted_with_keys_that_stay() -> None:
    reading = read(answer(ends("0", "1.2")), of="per-day", gives="incidents")
    assert [signal.key for signal in reading.signals] == ["2026-11-30/1", "2026-11-30/2"]
    assert {signal.first_seen_at for signal in reading.signals} == {datetime(2026, 12, 1, tzinfo=UTC)}
    assert (reading.counts, reading.position) == ((), {"day": "2026-11-30"})
    many = read(answer(ends("1", "1e6")), of="per-day", gives="incidents")
    assert len(many.signals) == MOST_INCIDENTS
    assert many.problems == (
        "1,000,000 incidents are counted on 2026-11-30, of which 999 were taken; let the source give a count.",
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"status": "error", "errorType": "bad_data", "error": "parse error"}, "Prometheus says 'parse error'. Check the query of the source."),
        ([], "The answer of Prometheus is not a JSON object. Check the address in the source."),
        ({"status": "success", "data": {"resultType": "scalar", "result": [1, "2"]}}, "Prometheus answers with no series over time. Write a query whose values are numbers."),
        (answer({"metric": {}, "histograms": [[1, {}]]}), "Prometheus answers with histograms. Write a query whose values are numbers."),
        (answer({"metric": {}, "values": [[1, 2]]}), "Prometheus answers with '[1, 2]', which is not a time and a value."),
        (answer({"metric": {}, "values": [[True, "2"]]}), "Prometheus answers with '[True, '2']', which is not a time and a value."),
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(document: object, words: str) -> None:
    with pytest.raises(SourceUnreadError) as refusal:
        read(document)
    assert str(refusal.value) == words


def test_one_time_with_two_values_is_an_unknown_value() -> None:
    twice = ends("3", "4")
    twice["values"] = [*twice["values"], [midnight(YESTERDAY) + DAY, "9"]]  # type: ignore[misc] # a list of pairs
    assert counts_of(read(answer(twice), of="per-day")) == [(BEFORE, 3)]


def test_today_is_never_counted() -> None:
    reading = read(answer(ends("3", "4", "99", last=NOW.date())), of="per-day")
    assert reading.counts == (DayCount(day=BEFORE, count=3), DayCount(day=YESTERDAY, count=4))
