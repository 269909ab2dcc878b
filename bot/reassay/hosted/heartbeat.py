"""A sign of life to a service that raises the alarm when it does not come any more."""

from dataclasses import dataclass, field

import httpx

SECONDS = 10.0
_FAILED = 400


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Asks one address. It may hold a secret, so nothing of it is said."""

    http: httpx.Client
    url: str = field(repr=False)

    def beat(self) -> str:
        """Empty if it was heard, else why not."""
        try:
            answer = self.http.get(self.url, timeout=SECONDS)
        except httpx.HTTPError as error:
            return f"the heartbeat was not heard ({type(error).__name__})"
        return f"the heartbeat was answered with {answer.status_code}" if answer.status_code >= _FAILED else ""
