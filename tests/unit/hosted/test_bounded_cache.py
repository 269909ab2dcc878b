"""A cache in memory never exceeds its size, and what was not asked for longest goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.web.bounded_cache import BoundedCache


def cache(most: int) -> BoundedCache[str, str]:
    return BoundedCache(most, len)


def test_what_was_asked_for_stays_and_the_rest_goes() -> None:
    kept = cache(6)
    kept.keep("first", "abc")
    kept.keep("second", "abc")
    assert kept.get("first") == "abc"
    kept.keep("third", "ab")
    assert (kept.get("first"), kept.get("second"), kept.get("third")) == ("abc", None, "ab")


def test_a_value_that_is_too_large_is_not_kept_and_removes_nothing() -> None:
    kept = cache(3)
    kept.keep("small", "abc")
    kept.keep("large", "abcd")
    assert (kept.get("small"), kept.get("large")) == ("abc", None)


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.text(max_size=6))))
def test_its_size_is_the_sum_of_what_it_holds_and_bounded(steps: list[tuple[str, str]]) -> None:
    kept = cache(10)
    for key, value in steps:
        kept.keep(key, value)
        assert kept.get(key) == value
        assert kept.size == sum(len(held) for held, _ in kept.values.values()) <= 10
