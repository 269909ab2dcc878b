"""Pacing of a first run: only a few never assessed mitigations are open at once, highest risk first."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from reassay.common.calendar import Duration
from reassay.ledger.history import Reassessment
from reassay.register.configuration import Configuration, Rollout

WEEK = timedelta(days=7)


@dataclass(slots=True)
class _Slots:
    """The open slots of a paced first run on a day; days are visited in order."""

    opened: deque[date]
    """Opening days of the last week, oldest first."""
    occupied_until: list[date]
    """A heap of the days on which occupied slots become free."""

    @staticmethod
    def of(paced: Iterable[Reassessment], today: date) -> "_Slots":
        last_week = sorted(day for reassessment in paced if (day := reassessment.opened.opened_on) > today - WEEK)
        until = [
            max(reassessment.due, today + timedelta(days=1)) for reassessment in paced if reassessment.state == "open"
        ]
        heapify(until)
        return _Slots(deque(last_week), until)

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

    def next_day(self) -> date:
        """The next day on which a slot can become free."""
        return min([*self.occupied_until[:1], *(opened + WEEK for opened in self.opened)])


def openings(
    queue: Sequence[str], paced: Iterable[Reassessment], configuration: Configuration, today: date
) -> Iterator[tuple[str, date]]:
    """The earliest opening day of each subject in `queue` (ids, highest risk first), in that order; today means now.

    `paced` are the paced re-assessments so far; open ones are assumed to end on their due date. A subject without a day
    before the calendar ends gets date.max.
    """
    slots, day = _Slots.of(tuple(paced), today), today
    for position, subject in enumerate(queue):
        try:
            while slots.room(day, configuration.rollout) <= 0:
                day = slots.next_day()
            slots.take(day, configuration.defaults.respond_within)
        except OverflowError:
            yield from ((late, date.max) for late in queue[position:])
            return
        yield subject, day
