"""An agenda: which name is to be looked at on which day, one day for each name, the earliest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush


@dataclass(slots=True)
class Agenda:
    """A priority queue whose entries can be moved and struck out."""

    days: dict[str, date] = field(default_factory=dict)
    """By name; entries of the heap that say otherwise are out of date."""
    heap: list[tuple[date, str]] = field(default_factory=list)

    def move(self, name: str, day: date) -> None:
        """Puts a name on a day, whatever day it was on."""
        self.days[name] = day
        heappush(self.heap, (day, name))

    def hasten(self, names: Iterable[str], day: date) -> None:
        """Puts names on a day, unless they are on an earlier one."""
        for name in names:
            if self.days.get(name, date.max) > day:
                self.move(name, day)

    def strike(self, name: str) -> None:
        """Takes a name off; nothing happens if it is on no day."""
        self.days.pop(name, None)

    def take(self, day: date) -> tuple[str, ...]:
        """Takes off every name whose day has come by `day`; in order of day and name."""
        return tuple(self._take(day))

    def _take(self, day: date) -> Iterator[str]:
        while (first := self.next_day()) is not None and first <= day:
            _, name = heappop(self.heap)
            del self.days[name]
            yield name

    def next_day(self) -> date | None:
        """The earliest day that anything is on; None if nothing is."""
        while self.heap and self.days.get(self.heap[0][1]) != self.heap[0][0]:
            heappop(self.heap)
        return self.heap[0][0] if self.heap else None
