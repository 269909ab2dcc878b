"""Which parts of the hosted App have said nothing for too long. Pure: the last signs of life and the time are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Watched:
    """A part, and for how long it may be silent."""

    name: str
    patience: timedelta
    what: str
    """What it does, as a piece of a sentence."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A part that has been silent for too long."""

    part: Watched
    since: datetime | None
    """Its last success; None if there was none since the start."""

    @property
    def words(self) -> str:
        """For people and logs."""
        last = f"last done {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "not done since the start"
        return f"{self.part.name} is silent ({last}): {self.part.what}"


def silences(
    parts: Iterable[Watched], last: Mapping[str, datetime | None], started: datetime, now: datetime
) -> tuple[Silence, ...]:
    """Parts whose last success, or the start of the watch if that is later, is longer ago than their patience.

    A time that lies in the future, as after a clock was set back, counts as now.
    """
    found = []
    for part in parts:
        seen = last.get(part.name)
        if now - max(seen or started, started) > part.patience:
            found.append(Silence(part, seen))
    return tuple(found)
