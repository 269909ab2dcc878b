"""What is done every so often. Each part by one process at a time, and none stops the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


class Ticks(Protocol):
    """Shared by all processes."""

    def claim(self, name: str, now: datetime, every: timedelta) -> bool:
        """True for exactly one of all that ask within `every`."""
        ...

    def release(self, name: str) -> None:
        """It is due at once."""
        ...

    def succeeded(self, name: str, now: datetime) -> None:
        """It was done."""
        ...

    def silent_since(self, name: str) -> datetime | None:
        """When it was last done; None if never."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things to do."""

    name: str
    every: timedelta
    act: Callable[[datetime], str]
    """Does it; says in a few words what came of it."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Called again and again; what it does follows from `now` and the ticks alone."""

    parts: tuple[Part, ...]
    ticks: Ticks
    note: Callable[[str, str, Exception | None], None]
    """Told the name of a part and what came of it, or what it raised."""
    failed: Counter[str] = field(default_factory=Counter)
    """How often each part failed in this process."""

    def tick(self, now: datetime) -> tuple[str, ...]:
        """Names of the parts that were done."""
        return tuple(part.name for part in self.parts if self._one(part, now))

    def silent_since(self, name: str) -> datetime | None:
        """When any process last did it without failing; None if never."""
        return self.ticks.silent_since(name)

    def soon(self, name: str) -> None:
        """It is done with the next tick, of whichever process."""
        self.ticks.release(name)

    def _one(self, part: Part, now: datetime) -> bool:
        try:
            if not self.ticks.claim(part.name, now, part.every):
                return False
            said = part.act(now)
            self.ticks.succeeded(part.name, now)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other parts go on
            self.failed[part.name] += 1
            self.note(part.name, "failed", error)
            return False
        self.note(part.name, said, None)
        return True
