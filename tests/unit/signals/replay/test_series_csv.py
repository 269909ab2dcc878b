"""A series from CSV: every row counts or is refused with its line; nothing is left out silently."""

from datetime import date

import pytest

from reassay.signals.replay.series_csv import SeriesColumns, UnreadableSeriesError, read_series

COLUMNS = SeriesColumns("seen")


def refusal(text: str, columns: SeriesColumns = COLUMNS) -> UnreadableSeriesError:
    with pytest.raises(UnreadableSeriesError) as caught:
        read_series(text, columns)
    return caught.value


def test_a_row_is_an_incident_of_its_own_cause() -> None:
    table = read_series("seen\n2026-01-02\n\n2026-01-01\n", COLUMNS)
    assert [(own.first_seen, own.cause) for own in table.incidents] == [
        (date(2026, 1, 2), "line 2"),
        (date(2026, 1, 1), "line 4"),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-02", date(2026, 1, 2)),
        ("2026-01-02T23:30:00-05:00", date(2026, 1, 3)),
        ("2026-01-02T01:00+02:00", date(2026, 1, 1)),
        ("2026-01-02 23:00", date(2026, 1, 2)),
        ("  2026-01-02 ", date(2026, 1, 2)),
    ],
)
def test_a_day_is_that_of_utc(text: str, day: date) -> None:
    assert read_series(f"seen\n{text}\n", COLUMNS).incidents[0].first_seen == day


@pytest.mark.parametrize("month", ["2026-03", "2026", "2026-Q1", "March 2026", "03/2026"])
def test_month_only_dates_are_not_rates(month: str) -> None:
    error = refusal(f"seen\n2026-01-02\n{month}\n2026-01-05\n{month}\n")
    assert error.line == 3
    assert f"line 3 ('{month}'), line 5 ('{month}') are without a day" in str(error)
    assert "not counted as a rate" in str(error)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "20260102", "01/02/2026", "2026-13-01"])
def test_what_is_no_date_is_refused_with_its_line(text: str) -> None:
    error = refusal(f"seen\n2026-01-02\n{text}\n")
    assert error.line == 3
    assert "is not a date" in str(error)


def test_an_empty_date_is_refused_and_not_left_out() -> None:
    assert "line 2 (empty)" in str(refusal("seen,id\n,1\n"))


def test_many_wrong_lines_are_counted() -> None:
    assert "and 4 more are without a day" in str(refusal("seen\n" + "2026-01\n" * 9))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("found\n2026-01-02\n", "there is no column 'seen'"),
        ("seen,seen\n2026-01-02,2026-01-02\n", "the column 'seen' is in the header twice"),
        ("seen,id\n2026-01-02\n", "line 2 has 1 cells and the header 2"),
        ('seen\n"2026-01-02\n', "is not CSV"),
        ("", "there is no column 'seen'"),
    ],
)
def test_what_is_no_table_is_refused(text: str, says: str) -> None:
    assert says in str(refusal(text))


def test_a_wrong_column_name_says_which_was_meant() -> None:
    assert refusal("first_seen\n2026-01-02\n", SeriesColumns("frist_seen")).remedy == "Did you mean 'first_seen'?"


def test_an_incident_that_happened_in_a_month_counts_and_only_its_second_line_is_missing() -> None:
    table = read_series("seen;happened\n2026-03-02;2026-02\n2026-03-03;2026-03-01\n", SeriesColumns("seen", "happened"))
    assert [own.occurred for own in table.incidents] == [None, date(2026, 3, 1)]
    assert table.no_occurrence == 1


def test_a_row_may_be_a_day_with_its_number_and_its_exposure() -> None:
    columns = SeriesColumns("day", count="bypasses", exposure="requests")
    table = read_series("day,bypasses,requests\n2026-03-01,0,900\n2026-03-02,3,\n2026-03-03,1,1100\n", columns)
    assert [(own.first_seen.day, own.number) for own in table.incidents] == [(2, 3.0), (3, 1.0)]
    assert table.exposure == {date(2026, 3, 1): 900.0, date(2026, 3, 3): 1100.0}


@pytest.mark.parametrize("number", ["-1", "many", "", "nan", "inf"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    error = refusal(f"day,n\n2026-03-01,{number}\n", SeriesColumns("day", count="n"))
    assert (error.line, "not a number of at least 0" in str(error)) == (2, True)


def test_two_exposures_of_one_day_are_refused() -> None:
    error = refusal("day,n\n2026-03-01,1\n2026-03-01,2\n", SeriesColumns("day", exposure="n"))
    assert "another exposure of 2026-03-01" in str(error)
