"""Primary rate limits by the sandbox's clock: so many requests of an installation an hour, REST and GraphQL apart.

(GitHub's documentation: "Rate limits for the REST API", "Rate limits and query limits for the GraphQL API". A document of
GraphQL counts as one point here.)
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

HOUR = timedelta(hours=1)
Resource = Literal["core", "graphql"]
RESOURCES: tuple[Resource, ...] = ("core", "graphql")


@dataclass(slots=True)
class _Window:
    until: datetime
    used: int = 0


@dataclass(slots=True)
class Meter:
    """What each installation used; credentials of no installation are all one, and never run out."""

    per_hour: int = 5000
    counts: Counter[int | None] = field(default_factory=Counter)
    """Requests since the start, refused ones among them."""
    windows: dict[tuple[int | None, Resource], _Window] = field(default_factory=dict)

    def refuses(self, installation: int | None, resource: Resource, now: datetime) -> bool:
        """Counts one request; whether it is one too many."""
        self.counts[installation] += 1
        if installation is None:
            return False
        window = self._window(installation, resource, now)
        if window.used >= self.per_hour:
            return True
        window.used += 1
        return False

    def exhaust(self, installation: int, now: datetime, wait: timedelta = HOUR) -> None:
        """From now on and for so long nothing is left of either."""
        for resource in RESOURCES:
            self.windows[installation, resource] = _Window(now + wait, self.per_hour)

    def headers(self, installation: int | None, resource: Resource, now: datetime) -> dict[str, str]:
        """As every answer has them."""
        window = self._window(installation, resource, now)
        return {
            "x-ratelimit-limit": str(self.per_hour),
            "x-ratelimit-remaining": str(self.remaining(installation, resource, now)),
            "x-ratelimit-used": str(window.used),
            "x-ratelimit-reset": str(int(window.until.timestamp())),
            "x-ratelimit-resource": resource,
        }

    def shown(self, installation: int | None, now: datetime) -> dict[Resource, dict[str, int]]:
        """Both, as they are asked for."""
        resources: dict[Resource, dict[str, int]] = {}
        for resource in RESOURCES:
            window = self._window(installation, resource, now)
            left, until = self.remaining(installation, resource, now), int(window.until.timestamp())
            resources[resource] = {"limit": self.per_hour, "used": window.used, "remaining": left, "reset": until}
        return resources

    def remaining(self, installation: int | None, resource: Resource, now: datetime) -> int:
        """Until the window ends."""
        return max(0, self.per_hour - self._window(installation, resource, now).used)

    def reset(self, installation: int | None, resource: Resource, now: datetime) -> datetime:
        """When the window ends."""
        return self._window(installation, resource, now).until

    def _window(self, installation: int | None, resource: Resource, now: datetime) -> _Window:
        window = self.windows.get((installation, resource))
        # A clock that was turned back begins anew, too: a window is an hour at most.
        if window is None or not now < window.until <= now + HOUR:
            window = self.windows[installation, resource] = _Window(now + HOUR)
        return window
