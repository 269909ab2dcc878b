"""Time and randomness, which pure decisions take as parameters."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A clock of a run."""

    def now(self) -> datetime:
        """The current time in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits for some seconds."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Waits for some seconds."""
        time.sleep(seconds)


def random_nonce() -> str:
    """32 hexadecimal digits that cannot be guessed."""
    return secrets.token_hex(16)
