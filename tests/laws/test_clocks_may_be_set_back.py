"""Law: nothing waits for a wrong clock.

Whatever clocks of servers do, forwards and back, a periodic task is run within its period of elapsed time; and whatever was
stored while a clock was ahead is waited for no longer than the longest right wait.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.alarm import WatchedTask, stopped_tasks
from reassay.hosted.rate_limits import BudgetSlot, Cost, slot_of, wait_for_budget
from reassay.hosted.rules.clock_steps import SKEW, is_ahead, is_due, latest_wait
from reassay.hosted.rules.sweep_schedule import next_sweep

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
TICK = 5
DAYS = st.integers(-3 * 86_400, 3 * 86_400)
SMALL = st.integers(-90, 90)
STEPS = st.lists(st.tuples(st.integers(0, 120), st.one_of(SMALL, DAYS)), max_size=12)
"""After so many ticks the clock is set by so many seconds."""


class Server:
    """A process that sees a shared claim, with a clock that somebody sets and one that nobody sets."""

    def __init__(self, shared: dict[str, datetime]) -> None:
        self.shared, self.ahead = shared, timedelta()
        self.seen: tuple[datetime | None, int] = (None, 0)

    def tick(self, elapsed: int, period: timedelta) -> bool:
        claimed = self.shared.get("at")
        if claimed != self.seen[0]:
            self.seen = (claimed, elapsed)
        now = START + timedelta(seconds=elapsed) + self.ahead
        if not is_due(claimed, now, period, timedelta(seconds=elapsed - self.seen[1])):
            return False
        self.shared["at"] = now if now != claimed else now + timedelta(microseconds=1)
        self.seen = (self.shared["at"], elapsed)
        return True


@given(STEPS, STEPS, st.sampled_from([20, 30, 600]))
def test_a_task_is_run_within_its_period_of_elapsed_time(
    first: list[tuple[int, int]], second: list[tuple[int, int]], seconds: int
) -> None:
    shared: dict[str, datetime] = {}
    period = timedelta(seconds=seconds)
    servers = [(Server(shared), _at(first)), (Server(shared), _at(second))]
    last, ran = 0, 0
    for elapsed in range(0, 2_000, TICK):
        for server, steps in servers:
            server.ahead += timedelta(seconds=steps.get(elapsed // TICK, 0))
        runs = sum(server.tick(elapsed, period) for server, _ in servers)
        ran += runs
        assert runs or elapsed - last < seconds + TICK, f"not since {last} s, at {elapsed} s"
        last = elapsed if runs else last
    if not first and not second:
        assert ran == 2_000 // max(seconds, TICK) + (2_000 % seconds > 0)


def _at(steps: list[tuple[int, int]]) -> dict[int, int]:
    at: dict[int, int] = {}
    when = 0
    for ticks, seconds in steps:
        when += ticks
        at[when] = at.get(when, 0) + seconds
    return at


@given(DAYS, st.integers(0, 3_600), st.sampled_from([timedelta(hours=1), timedelta(minutes=10), timedelta(minutes=5)]))
def test_what_is_waited_for_is_reached_within_the_longest_right_wait(ahead: int, wait: int, longest: timedelta) -> None:
    stored = START + timedelta(seconds=ahead) + min(timedelta(seconds=wait), longest)
    is_waited_for = START < stored <= latest_wait(START, longest)
    assert is_waited_for <= (stored - START <= longest + SKEW)
    if ahead == 0:
        # A right clock's own waits are kept.
        assert is_waited_for or wait == 0


@given(DAYS, st.integers(1, 10_000), st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Kiritimati"]))
def test_a_sweep_is_due_within_the_hour_so_a_later_one_was_stored_by_a_wrong_clock(
    ahead: int, repository: int, timezone: str
) -> None:
    now = START + timedelta(seconds=ahead)
    # A repository that is due within ten minutes is looked at together with the others.
    assert next_sweep(now + timedelta(minutes=10), timezone, repository) <= latest_wait(now, timedelta(minutes=75))


@given(DAYS, st.integers(0, 600))
def test_a_success_in_the_future_is_never_health(ahead: int, patience: int) -> None:
    task = WatchedTask("sweeps", timedelta(seconds=patience), "sweep", "nothing is opened")
    success = START + timedelta(seconds=ahead)
    stopped = stopped_tasks((task,), {"sweeps": success}, START - timedelta(days=9), START)
    assert bool(stopped) == (ahead > SKEW.total_seconds() or -ahead > patience)
    assert [trouble.is_ahead for trouble in stopped] == [is_ahead(success, START)] * len(stopped)


@given(DAYS, st.integers(1, 900))
def test_use_that_has_not_happened_yet_is_not_waited_for(ahead: int, points: int) -> None:
    stored = [BudgetSlot(slot_of(START + timedelta(seconds=ahead)), points=points)]
    believed = [slot for slot in stored if not is_ahead(slot.start, START)]
    assert wait_for_budget(believed, START, Cost(points=1)) <= (timedelta(minutes=1, seconds=10) + SKEW).total_seconds()
