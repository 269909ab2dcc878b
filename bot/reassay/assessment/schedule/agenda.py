"""An agenda: names with one day each, in order of day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush


@dataclass(slots=True)
class Agenda:
    """A priority queue of names by day, whose entries can be moved and removed."""

    days: dict[str, date] = field(default_factory=dict)
    """The day of each name; entries of `heap` with another day are outdated."""
    heap: list[tuple[date, str]] = field(default_factory=list)

    def move(self, name: str, day: date) -> None:
        """Sets the day of a name, in place of an earlier or later one."""
        self.days[name] = day
        heappush(self.heap, (day, name))

    def move_forward(self, names: Iterable[str], day: date) -> None:
        """Sets the day of names, except of those that have an earlier one."""
        for name in names:
            if self.days.get(name, date.max) > day:
                self.move(name, day)

    def remove(self, name: str) -> None:
        """Removes a name, if it is present."""
        self.days.pop(name, None)

    def pop_until(self, day: date) -> tuple[str, ...]:
        """Removes the names with a day up to `day` and returns them in order of day and name."""
        return tuple(self._pop_until(day))

    def _pop_until(self, day: date) -> Iterator[str]:
        while (first := self.next_day()) is not None and first <= day:
            _, name = heappop(self.heap)
            del self.days[name]
            yield name

    def next_day(self) -> date | None:
        """The earliest day; None if the agenda is empty."""
        while self.heap and self.days.get(self.heap[0][1]) != self.heap[0][0]:
            heappop(self.heap)
        return self.heap[0][0] if self.heap else None
