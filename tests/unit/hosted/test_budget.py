from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.rate_limits import (
    CREATIONS_PER_HOUR,
    CREATIONS_PER_MINUTE,
    POINTS_PER_MINUTE,
    BudgetSlot,
    Cost,
    slot_of,
    wait_for_budget,
)

NOW = datetime(2026, 12, 1, 9, 0, 5, tzinfo=UTC)
COSTS = st.builds(Cost, st.integers(0, 200), st.integers(0, 30), st.booleans())
STEPS = st.lists(st.tuples(st.integers(0, 40), COSTS), max_size=80)


def before(seconds: float, points: int = 0, creations: int = 0) -> BudgetSlot:
    return BudgetSlot(slot_of(NOW - timedelta(seconds=seconds)), points, creations)


@pytest.mark.parametrize(
    ("spent", "cost", "wait"),
    [
        ((), Cost(points=5), 0),
        ((before(0, points=895),), Cost(points=5), 0),
        ((before(0, points=896),), Cost(points=5), 65),
        ((before(30, points=896),), Cost(points=5), 35),
        ((before(70, points=896),), Cost(points=5), 0),
        ((before(0, creations=79),), Cost(creations=1, urgent=True), 0),
        ((before(0, creations=63),), Cost(creations=1), 0),
        ((before(0, creations=64),), Cost(creations=1), 65),
        ((before(0, creations=80),), Cost(creations=1, urgent=True), 65),
        ((before(0, creations=80),), Cost(points=5), 0),
        (tuple(before(60 * minute, creations=50) for minute in range(2, 12)), Cost(creations=1, urgent=True), 2945),
        ((before(0, points=2000),), Cost(points=1), 65),
    ],
)
def test_waiting(spent: tuple[BudgetSlot, ...], cost: Cost, wait: float) -> None:
    assert wait_for_budget(spent, NOW, cost) == wait


def play(steps: list[tuple[int, Cost]]) -> list[tuple[datetime, Cost]]:
    """Spends in turn, waiting as told."""
    now, slots, done = NOW, dict[datetime, BudgetSlot](), list[tuple[datetime, Cost]]()
    for pause, cost in steps:
        now += timedelta(seconds=pause)
        now += timedelta(seconds=wait_for_budget(tuple(slots.values()), now, cost))
        assert wait_for_budget(tuple(slots.values()), now, cost) == 0
        old = slots.get(slot_of(now), BudgetSlot(slot_of(now)))
        slots[old.start] = BudgetSlot(old.start, old.points + cost.points, old.creations + cost.creations)
        done.append((now, cost))
    return done


@given(STEPS)
def test_whoever_waits_as_told_stays_within_every_window(steps: list[tuple[int, Cost]]) -> None:
    done = play(steps)
    for end, _ in done:
        minute = [cost for at, cost in done if end - timedelta(seconds=60) < at <= end]
        hour = [cost for at, cost in done if end - timedelta(hours=1) < at <= end]
        assert sum(each.points for each in minute) <= POINTS_PER_MINUTE
        assert sum(each.creations for each in minute) <= CREATIONS_PER_MINUTE
        assert sum(each.creations for each in hour) <= CREATIONS_PER_HOUR
