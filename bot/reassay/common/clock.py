"""Time and randomness, the two facts that a pure decision is handed."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The time of the run."""

    def now(self) -> datetime:
        """UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits out a short limit."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Waits out a short limit."""
        time.sleep(seconds)


def random_nonce() -> str:
    """32 hexadecimal digits nobody can guess."""
    return secrets.token_hex(16)
