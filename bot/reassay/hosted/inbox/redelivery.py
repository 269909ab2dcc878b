"""Redelivery: deliveries in GitHub's log that never reached the inbox are requested again, once each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from reassay.common.errors import NotFoundError, RejectedError
from reassay.github.app_api import AppApi
from reassay.github.app_types import DeliveryAttempt
from reassay.hosted.database.database import Database
from reassay.hosted.rules.clock_steps import is_ahead

LONGEST = timedelta(days=3)
"""How old a delivery may be for GitHub to send it again."""
OVERLAP = timedelta(minutes=10)
"""A delivery this young may still arrive, so each look starts this much before the last one."""
SETTLED = timedelta(minutes=2)
"""After this time a delivery that GitHub calls successful has been stored."""
PINGS = frozenset({"ping"})
"""Events without content: they are never requested again."""


@dataclass(frozen=True, slots=True)
class ReceivedDeliveries:
    """Which deliveries reached the inbox, and which were requested again. Methods raise DatabaseError."""

    database: Database

    def received(self, guids: Collection[str]) -> frozenset[str]:
        """Ids of deliveries that the inbox has, out of `guids`."""
        rows = self.database.rows(
            "select delivery_id from reassay_inbox where delivery_id = any(%s)", (sorted(set(guids)),)
        )
        return frozenset(str(row[0]) for row in rows)

    def claim(self, guid: str, now: datetime) -> bool:
        """True for the first process that asks: each delivery is requested again once."""
        query = "insert into reassay_redelivered (delivery_id, at) values (%s, %s) on conflict do nothing"
        return self.database.run(query, (guid, now)) == 1

    def forget(self, before: datetime) -> int:
        """Deletes claims that are older: GitHub would not send those deliveries again."""
        return self.database.run("delete from reassay_redelivered where at < %s", (before,))


@dataclass(frozen=True, slots=True)
class RedeliveryResult:
    """The result of one look at GitHub's log of deliveries."""

    requested: int
    """Number of deliveries requested again."""
    newest: datetime
    """When the newest delivery of the log was sent, by GitHub's clock."""


@dataclass(frozen=True, slots=True)
class Redelivery:
    """Compares GitHub's log of deliveries with the inbox."""

    github: AppApi
    deliveries: ReceivedDeliveries

    def run(self, since: datetime | None, now: datetime) -> RedeliveryResult:
        """Requests deliveries again that came after the last look, and tells how far GitHub's log was read.

        `since` is how far it was read then, by GitHub's clock, since ours may be wrong. None means that there was no look
        yet: then nothing is requested, since a new server sweeps every repository. One in the future was stored while our
        clock was ahead: then everything that GitHub can still send is compared. Raises UpstreamError and DatabaseError.
        """
        oldest = now - LONGEST
        start = max((since or now) - OVERLAP, oldest) if since is None or not is_ahead(since, now) else oldest
        attempts = self.github.deliveries(start)
        newest = max((attempt.delivered_at for attempt in attempts), default=now if since is None else min(since, now))
        if since is None:
            return RedeliveryResult(0, newest)
        received = self.deliveries.received({attempt.guid for attempt in attempts})
        # The newest attempt at each delivery: GitHub repeats no older one.
        latest = {attempt.guid: attempt for attempt in sorted(attempts, key=lambda it: (it.delivered_at, it.id))}
        settled = max(now, newest) - SETTLED
        missing = [
            attempt
            for attempt in latest.values()
            if attempt.event not in PINGS
            and attempt.guid not in received
            and (not attempt.ok or attempt.delivered_at <= settled)
        ]
        return RedeliveryResult(sum(self._request(attempt, now) for attempt in missing), newest)

    def _request(self, attempt: DeliveryAttempt, now: datetime) -> bool:
        if not self.deliveries.claim(attempt.guid, now):
            return False
        try:
            self.github.redeliver(attempt.id)
        except (NotFoundError, RejectedError):
            # GitHub no longer has it; the next sweep sees the change that it announced.
            return False
        return True
