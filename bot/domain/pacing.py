"""Pacing of a first run: over forty mitigations nobody assessed, a few open, highest risk first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import Duration
from bot.domain.ledger.history import History
from bot.domain.register.configuration import Configuration, Rollout

WEEK = timedelta(days=7)
HORIZON_DAYS = 366 * 20


@dataclass(frozen=True, slots=True)
class _Slots:
    """Re-assessments of the first run: the day each opened and the day its place is free again."""

    opened: tuple[date, ...]
    occupied_until: tuple[date, ...]

    def room(self, day: date, rollout: Rollout) -> int:
        open_now = sum(until > day for until in self.occupied_until)
        this_week = sum(day - WEEK < opened <= day for opened in self.opened)
        return min(rollout.max_open - open_now, rollout.per_week - this_week)

    def take(self, day: date, respond_within: Duration) -> "_Slots":
        return _Slots((*self.opened, day), (*self.occupied_until, respond_within.after(day)))


def schedule(queue: Sequence[str], history: History, configuration: Configuration, today: date) -> Mapping[str, date]:
    """The earliest day for each of `queue` (mitigation ids, highest risk first); today means now.

    Open places are assumed to be freed on their due date: a date here means "not before", it is never a deadline.
    """
    paced = [each for each in history.reassessments.values() if each.opened.paced]
    slots = _Slots(
        tuple(each.opened.opened_on for each in paced),
        tuple(max(each.due, today + timedelta(days=1)) for each in paced if each.state == "open"),
    )
    found: dict[str, date] = {}
    waiting = list(queue)
    for offset in range(HORIZON_DAYS):
        if not waiting:
            break
        day = today + timedelta(days=offset)
        for _ in range(max(0, slots.room(day, configuration.rollout))):
            if waiting:
                found[waiting.pop(0)] = day
                slots = slots.take(day, configuration.defaults.respond_within)
    return found
