"""The rules of an incident rate as a simulation runs them: incident days go in, the level that is reached comes out.

They are the rules of `bot/reassay/signals/rates`, but step over the days without incidents at once.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from reassay.signals.rates.change import FACTORS
from reassay.signals.rates.evidence import level_reached, rate_evidence


class Detector(Protocol):
    """A rule in the course of one simulated watch."""

    def level(self, day: int, incidents: int) -> float:
        """The level that the incidents of a day reach, days in order from 1 on; 0 if it does not fire."""
        ...


@dataclass(slots=True)
class CeilingDetector:
    """The evidence of a stated ceiling, with a decision every so many days that lifts it to 1 and never lowers it."""

    accepted: float
    """Incidents a day."""
    decide_every: int | None
    """Days between two decisions; None for none."""
    _began: int = 0
    _incidents: int = 0
    _decided: int = 0

    def level(self, day: int, incidents: int) -> float:
        """20, 100, 500 ...: the highest level that the evidence reaches."""
        if self.decide_every is not None:
            while self._decided + self.decide_every < day:
                self._decided += self.decide_every
                if rate_evidence(self._incidents, self.accepted * (self._decided - self._began)) < 1:
                    self._began, self._incidents = self._decided, 0
        self._incidents += incidents
        return level_reached(self._incidents, self.accepted * (day - self._began))


@dataclass(slots=True)
class ChangeDetector:
    """The method for long intervals."""

    accepted: float
    """Incidents a day."""
    run_length: float
    """Days."""
    _day: int = 0
    _evidence: list[float] = field(default_factory=lambda: [0.0] * len(FACTORS))
    _steps: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = [math.exp(-(factor - 1) * self.accepted) for factor in FACTORS]

    def level(self, day: int, incidents: int) -> float:
        """The run length, if the evidence reaches it."""
        quiet, self._day = day - self._day - 1, day
        for index, factor in enumerate(FACTORS):
            step = self._steps[index]
            fade = step**quiet
            waited = self._evidence[index] * fade + step * (1 - fade) / (1 - step)
            self._evidence[index] = (1 + waited) * step * factor**incidents
        return self.run_length if sum(self._evidence) / len(FACTORS) >= self.run_length else 0.0


@dataclass(slots=True)
class PromiseDetector:
    """A promise's own count."""

    more_than: int
    window: int
    """Days."""
    _days: deque[tuple[int, int]] = field(default_factory=deque)

    def level(self, day: int, incidents: int) -> float:
        """Infinite, if the window that ends with the day has too many: there is no level above."""
        self._days.append((day, incidents))
        while self._days[0][0] <= day - self.window:
            self._days.popleft()
        return math.inf if sum(number for _, number in self._days) > self.more_than else 0.0
