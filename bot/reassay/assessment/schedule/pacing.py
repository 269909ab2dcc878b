"""Pacing of a first run: over forty mitigations nobody assessed, a few open, highest risk first."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from reassay.common.calendar import Duration
from reassay.ledger.history import History, Reassessment
from reassay.register.configuration import Configuration, Rollout

WEEK = timedelta(days=7)
HORIZON_DAYS = 366 * 20


@dataclass(slots=True)
class _Slots:
    """Places of the first run, as they are on one day after the other."""

    opened: deque[date]
    """Days of the last week on which something opened, oldest first."""
    occupied_until: list[date]
    """A heap: the day on which each place is free again."""

    @staticmethod
    def of(paced: Sequence[Reassessment], today: date) -> "_Slots":
        until = [max(each.due, today + timedelta(days=1)) for each in paced if each.state == "open"]
        heapify(until)
        return _Slots(deque(sorted(each.opened.opened_on for each in paced)), until)

    def room(self, day: date, rollout: Rollout) -> int:
        while self.occupied_until and self.occupied_until[0] <= day:
            heappop(self.occupied_until)
        while self.opened and self.opened[0] <= day - WEEK:
            self.opened.popleft()
        this_week = sum(opened <= day for opened in self.opened)
        return min(rollout.max_open - len(self.occupied_until), rollout.per_week - this_week)

    def take(self, day: date, respond_within: Duration) -> None:
        self.opened.append(day)
        heappush(self.occupied_until, respond_within.after(day))


def schedule(queue: Sequence[str], history: History, configuration: Configuration, today: date) -> Mapping[str, date]:
    """The earliest day for each of `queue` (mitigation ids, highest risk first); today means now.

    Open places are assumed to be freed on their due date: a date here means "not before", it is never a deadline.
    """
    paced = [each for each in history.reassessments.values() if each.opened.paced]
    slots = _Slots.of(paced, today)
    found: dict[str, date] = {}
    waiting = deque(queue)
    for offset in range(HORIZON_DAYS):
        if not waiting:
            break
        day = today + timedelta(days=offset)
        for _ in range(max(0, slots.room(day, configuration.rollout))):
            if waiting:
                found[waiting.popleft()] = day
                slots.take(day, configuration.defaults.respond_within)
    return found
