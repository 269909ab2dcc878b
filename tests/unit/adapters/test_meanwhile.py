"""Work beside this thread: its result, and what it raised, come to whoever waits."""

from threading import Event

import pytest

from reassay.common.errors import UsageError
from reassay.git.meanwhile import Meanwhile


def test_this_thread_goes_on_and_then_has_the_result() -> None:
    may_end = Event()

    def work() -> int:
        assert may_end.wait(20)
        return 7

    asked = Meanwhile(work)
    may_end.set()
    assert asked.result() == 7
    assert asked.result() == 7


def test_an_error_is_raised_where_the_result_is_wanted_and_nowhere_else() -> None:
    def work() -> int:
        raise UsageError("no such commit")

    asked = Meanwhile(work)
    asked.wait()
    for _ in range(2):
        with pytest.raises(UsageError, match="no such commit"):
            asked.result()
