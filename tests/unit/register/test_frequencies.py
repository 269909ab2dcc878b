"""Numbers of incidents per time or exposure, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.register.frequencies import Frequency, parse_frequency


@pytest.mark.parametrize(
    ("text", "written", "words", "rate"),
    [
        ("6 per year", "6 per year", "6 per year", 6 / 365.25),
        ("1 per 3 months", "1 per 3 months", "1 per 3 months", 12 / 3 / 365.25),
        ("0.5 per Week", "0.5 per week", "0.5 per week", 0.5 / 7),
        ("2 per a day", "2 per day", "2 per day", 2.0),
        ("1 per quarter", "1 per quarter", "1 per quarter", 4 / 365.25),
        ("2 per million requests", "2 per 1000000 requests", "2 per million requests", 2e-6),
        ("2 per 10 million  API  requests", "2 per 10000000 api requests", "2 per 10 million api requests", 2e-7),
        ("0.001 per request", "0.001 per request", "0.001 per request", 0.001),
        ("3 per thousand sessions", "3 per 1000 sessions", "3 per thousand sessions", 0.003),
    ],
)
def test_it_is_read_and_written_in_one_form(text: str, written: str, words: str, rate: float) -> None:
    frequency = parse_frequency(text)
    assert (str(frequency), frequency.words()) == (written, words)
    assert frequency.rate == pytest.approx(rate)
    assert parse_frequency(str(frequency)) == frequency


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("6", "not a number of incidents per time or exposure"),
        ("6 a year", "not a number of incidents"),
        ("six per year", "not a number of incidents"),
        ("-1 per year", "not a number of incidents"),
        ("6 per", "not a number of incidents"),
        ("1e9 per year", "not a number of incidents"),
        ("6 per million years", "counts a million years"),
        ("0 per year", "is zero; where any incident is too many, use 'kind: incident-severity'"),
        ("1 per 0 days", "is zero"),
        ("1 per year\nx", "not a number of incidents"),
        (f"{'9' * 400} per year", "not a number of incidents"),
    ],
)
def test_what_it_is_not_is_refused_with_an_example(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_frequency(text)


def test_only_frequencies_of_one_basis_are_compared() -> None:
    bases = [
        parse_frequency(f"1 per {unit}").basis for unit in ("year", "3 days", "request", "million requests", "session")
    ]
    assert bases == ["time", "time", "request", "request", "session"]


@given(
    st.decimals("0.001", "99999", places=3),
    st.integers(1, 99999),
    st.sampled_from(["day", "month", "requests", "chat turns"]),
)
def test_what_is_written_reads_back(number: object, per: int, unit: str) -> None:
    frequency = parse_frequency(f"{number} per {per} {unit}")
    assert isinstance(frequency, Frequency)
    assert parse_frequency(str(frequency)) == parse_frequency(frequency.words()) == frequency


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("6 per yaer", "Did you mean 'year'?"),
        ("6 per 3 mnths", "Did you mean 'month'?"),
        ("6 per year", ""),
        ("2 per million requests", ""),
        ("2 per thousand sessions", ""),
        ("1 per million tokens", ""),
        ("1 per user", ""),
    ],
)
def test_a_unit_that_may_be_a_misspelt_time_has_a_guess(text: str, guess: str) -> None:
    assert parse_frequency(text).guess == guess
