"""Which deliveries reached the inbox, and which GitHub was asked to make again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from reassay.hosted.database.database import Database


@dataclass(frozen=True, slots=True)
class Arrived:
    """Satisfies `services.hosting.missed.Arrived`. Raises DatabaseError."""

    database: Database

    def known(self, guids: Collection[str]) -> frozenset[str]:
        """Those that are in the inbox."""
        rows = self.database.rows(
            "select delivery_id from reassay_inbox where delivery_id = any(%s)", (sorted(set(guids)),)
        )
        return frozenset(str(row[0]) for row in rows)

    def claim(self, guid: str, now: datetime) -> bool:
        """True for the first who asks."""
        query = "insert into reassay_redelivered (delivery_id, at) values (%s, %s) on conflict do nothing"
        return self.database.run(query, (guid, now)) == 1

    def forget(self, before: datetime) -> int:
        """Drops what GitHub would not make again in any case."""
        return self.database.run("delete from reassay_redelivered where at < %s", (before,))
