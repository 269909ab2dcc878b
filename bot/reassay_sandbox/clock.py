"""The sandbox's own time, which can be moved."""

import threading
from datetime import UTC, datetime, timedelta


class MovableClock:
    """Stands still unless it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """In UTC, as the clocks of servers are."""
        with self._lock:
            return self._now

    def move_to(self, instant: datetime) -> None:
        """To any instant, earlier ones too."""
        with self._lock:
            self._now = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Forward."""
        with self._lock:
            self._now += by
