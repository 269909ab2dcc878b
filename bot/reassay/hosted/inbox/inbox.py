"""The inbox: deliveries that were acknowledged and wait to be processed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.hosted.database.database import Database
from reassay.hosted.inbox.group_commit import ReceivedDelivery

_UNREAD = """
select seq, delivery_id, event, body, received_at from reassay_inbox
where done_at is null and seq > %s order by seq limit %s
"""


@dataclass(frozen=True, slots=True)
class UnreadDelivery:
    """A delivery that was not processed yet."""

    seq: int
    """Its place in the inbox; grows with every delivery."""
    delivery: ReceivedDelivery


@dataclass(frozen=True, slots=True)
class Inbox:
    """The table. Methods raise DatabaseError."""

    database: Database

    def unread(self, after: int, most: int) -> tuple[UnreadDelivery, ...]:
        """Unprocessed deliveries with a place after `after`, the oldest first."""
        rows = self.database.rows(_UNREAD, (after, most))
        return tuple(
            UnreadDelivery(row[0], ReceivedDelivery(row[1], row[2], bytes(row[3] or b""), row[4])) for row in rows
        )

    def installations_of(self, repositories: Collection[int]) -> Mapping[int, int]:
        """Installation id by repository id, of those repositories that an installation has."""
        rows = self.database.rows(
            "select id, installation_id from reassay_repositories where id = any(%s)", (list(repositories),)
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def done(self, ids: Iterable[str], now: datetime) -> None:
        """Marks deliveries as processed. Their ids stay, to recognise duplicates; their bodies are deleted."""
        self.database.run(
            "update reassay_inbox set done_at = %s, body = null where delivery_id = any(%s)", (now, list(ids))
        )

    def forget(self, before: datetime) -> int:
        """Deletes deliveries that were processed earlier; a duplicate that arrives later is processed again."""
        return self.database.run("delete from reassay_inbox where done_at < %s", (before,))
