"""Deliveries that never reached the inbox are found in GitHub's own log and asked for again, once each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reassay.common.errors import NotFoundError, RejectedError

LONGEST = timedelta(days=3)
"""So far back GitHub makes a delivery again."""
OVERLAP = timedelta(minutes=10)
"""What is younger may still be on its way."""
SETTLED = timedelta(minutes=2)
PINGS = frozenset({"ping"})
"""Says nothing, so it is not missed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt of GitHub to deliver."""

    id: int
    guid: str
    """The same for each attempt at one delivery."""
    event: str
    delivered_at: datetime
    ok: bool
    """Whether the answer was one of success."""


class Log(Protocol):
    """GitHub's log of deliveries."""

    def deliveries(self, since: datetime) -> tuple[Delivery, ...]:
        """Attempts at or after `since`, the newest first."""
        ...

    def redeliver(self, delivery: int) -> None:
        """Asks for another attempt."""
        ...


class Arrived(Protocol):
    """What reached us."""

    def known(self, guids: Collection[str]) -> frozenset[str]:
        """Those that are in the inbox."""
        ...

    def claim(self, guid: str, now: datetime) -> bool:
        """True for the first who asks: each is made again once."""
        ...


@dataclass(frozen=True, slots=True)
class Missed:
    """Looks for what is missing."""

    log: Log
    arrived: Arrived

    def run(self, since: datetime | None, now: datetime) -> int:
        """How many were asked for again, of those after `since`; without it, nothing is old enough to be missed.

        A server that starts with an empty database sweeps everything anyway.
        """
        if since is None:
            return 0
        start = max(since - OVERLAP, now - LONGEST)
        attempts = [each for each in self.log.deliveries(start) if each.event not in PINGS]
        known = self.arrived.known({each.guid for each in attempts})
        # The newest attempt of each: an older one cannot be made again once a later one was.
        latest = {each.guid: each for each in sorted(attempts, key=lambda one: (one.delivered_at, one.id))}
        missing = [
            each
            for each in latest.values()
            if each.guid not in known and (not each.ok or each.delivered_at <= now - SETTLED)
        ]
        return sum(self._again(each, now) for each in missing)

    def _again(self, each: Delivery, now: datetime) -> bool:
        if not self.arrived.claim(each.guid, now):
            return False
        try:
            self.log.redeliver(each.id)
        except (NotFoundError, RejectedError):
            # Too old by now; the sweep sees what it was about.
            return False
        return True
