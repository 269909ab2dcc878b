from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.rules.backoff import FIRST, LONGEST, after_limit, delay, jitter

ATTEMPTS = st.integers(min_value=1, max_value=10_000)


@given(ATTEMPTS, st.text())
def test_a_delay_is_never_longer_than_a_minute_and_never_nothing(attempt: int, name: str) -> None:
    assert FIRST / 2 <= delay(attempt, name) <= LONGEST


@given(ATTEMPTS, st.text())
def test_the_same_attempt_of_the_same_subject_waits_equally_long(attempt: int, name: str) -> None:
    assert delay(attempt, name) == delay(attempt, name)


@given(st.integers(min_value=1, max_value=4), st.text())
def test_two_attempts_later_it_is_longer(attempt: int, name: str) -> None:
    assert delay(attempt + 2, name) > delay(attempt, name)


def test_what_failed_together_does_not_come_again_together() -> None:
    assert len({round(delay(6, f"1/issue:{number}"), 1) for number in range(200)}) > 100


@given(st.floats(min_value=-10, max_value=10_000), st.text())
def test_nobody_comes_before_a_limit_ends_and_nobody_half_a_minute_late(seconds: float, name: str) -> None:
    assert max(0.0, seconds) < after_limit(seconds, name) <= max(0.0, seconds) + 30


@given(st.text())
def test_a_share_is_a_fraction(name: str) -> None:
    assert 0 <= jitter(name) < 1
