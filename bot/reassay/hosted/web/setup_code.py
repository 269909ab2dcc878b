"""The one-time code of the set-up page: only the browser that opens the printed address first may set the App up."""

import hmac
import secrets
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class SetupCode:
    """A code that is generated at each start and never stored."""

    code: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """Part of the printed address; valid for one browser."""
    holder: str = field(default="", repr=False)
    """Cookie of that browser; empty until the code was used."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def address(self, base_url: str) -> str:
        """The address to print on the console. It must not be logged."""
        return f"{base_url}/setup?code={self.code}"

    def open(self, given: str) -> str | None:
        """A cookie for the first browser with the right code; otherwise None."""
        with self.lock:
            if self.holder or not hmac.compare_digest(given.encode(), self.code.encode()):
                return None
            self.holder = secrets.token_urlsafe(32)
            return self.holder

    def holds(self, cookie: str) -> bool:
        """Whether the cookie is that of the browser that used the code."""
        return bool(self.holder) and hmac.compare_digest(cookie.encode(), self.holder.encode())
