from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reassay.hosted.periodic import PeriodicTask, Scheduler

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Memory:
    claimed: dict[str, datetime] = field(default_factory=dict)
    done: dict[str, datetime] = field(default_factory=dict)

    def claim(self, name: str, now: datetime, every: timedelta) -> bool:
        if name in self.claimed and now - self.claimed[name] < every:
            return False
        self.claimed[name] = now
        return True

    def release(self, name: str) -> None:
        self.claimed.pop(name, None)

    def succeeded(self, name: str, now: datetime) -> None:
        self.done[name] = now

    def silent_since(self, name: str) -> datetime | None:
        return self.done.get(name)


def test_a_part_that_fails_is_told_of_and_stops_no_other_one() -> None:
    told: list[tuple[str, str, str]] = []

    def broken(now: datetime) -> str:
        raise RuntimeError("it broke")

    parts = (PeriodicTask("broken", MINUTE, broken), PeriodicTask("fine", MINUTE, lambda now: f"at {now:%H:%M}"))
    scheduler = Scheduler(parts, Memory(), lambda name, said, error: told.append((name, said, str(error or ""))))
    assert scheduler.tick(NOW) == ("fine",)
    assert told == [("broken", "failed", "it broke"), ("fine", "at 09:00", "")]
    assert (claims.last_success("broken"), claims.last_success("fine")) == (None, NOW)
    assert dict(scheduler.failed) == {"broken": 1}


def test_a_part_is_done_once_in_its_time_and_at_once_where_it_is_asked_for() -> None:
    scheduler = Scheduler((PeriodicTask("fine", MINUTE, lambda _now: ""),), Memory(), lambda *_: None)
    assert [scheduler.tick(NOW + offset) for offset in (timedelta(), MINUTE / 2, 30 * MINUTE, 30 * MINUTE)] == [
        ("fine",),
        (),
        ("fine",),
        (),
    ]
    scheduler.soon("fine")
    assert scheduler.tick(NOW + 30 * MINUTE) == ("fine",)
