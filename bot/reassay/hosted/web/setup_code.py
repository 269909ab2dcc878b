"""Who may set the App up: whoever opens the address that `serve` printed, once."""

import hmac
import secrets
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class SetUpGate:
    """One for each start. Nothing of it is on disk."""

    code: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """Part of the printed address; good for one browser."""
    holder: str = field(default="", repr=False)
    """The cookie of that browser."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def address(self, base_url: str) -> str:
        """To be printed on the console, and logged nowhere."""
        return f"{base_url}/setup?code={self.code}"

    def open(self, given: str) -> str | None:
        """A cookie for whoever comes first with the code; None for everybody else."""
        with self.lock:
            if self.holder or not hmac.compare_digest(given.encode(), self.code.encode()):
                return None
            self.holder = secrets.token_urlsafe(32)
            return self.holder

    def holds(self, cookie: str) -> bool:
        """Whether it is that browser."""
        return bool(self.holder) and hmac.compare_digest(cookie.encode(), self.holder.encode())
