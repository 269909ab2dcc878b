"""The inbox as whoever reads it sees it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.hosted.database.database import Database
from reassay.hosted.inbox.group_commit import Delivery

_NEXT = """
select seq, delivery_id, event, body, received_at from reassay_inbox
where done_at is null and seq > %s order by seq limit %s
"""
_BURY = """
insert into reassay_dead_letters as d (kind, key, repository_id, event, body, reason, at)
select 'delivery', delivery_id, %s, event, body, %s, %s from reassay_inbox where delivery_id = %s
on conflict (kind, key) do update set reason = excluded.reason, at = excluded.at, body = excluded.body, redriven_at = null
"""
_REDRIVE = """
with letter as (
  update reassay_dead_letters set redriven_at = %s where kind = 'delivery' and key = %s and body is not null
  returning key, event, body
)
insert into reassay_inbox (delivery_id, event, body, received_at) select key, event, body, %s from letter
on conflict (delivery_id) do update set body = excluded.body, received_at = excluded.received_at, done_at = null
"""
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A delivery that nobody has read yet."""

    seq: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """One that made no sense, or came from where this App is not installed."""

    id: str
    event: str
    reason: str
    at: datetime
    redriven_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def unread(self, after: int, most: int) -> tuple[Unread, ...]:
        """The oldest first, from behind `after` on."""
        rows = self.database.rows(_NEXT, (after, most))
        return tuple(Unread(row[0], Delivery(row[1], row[2], bytes(row[3] or b""), row[4])) for row in rows)

    def homes(self, repositories: Collection[int]) -> Mapping[int, int]:
        """Installations by repository, of those that are known."""
        rows = self.database.rows(
            "select id, installation_id from reassay_repositories where id = any(%s)", (list(repositories),)
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def installations(self) -> frozenset[int]:
        """Those that are known."""
        return frozenset(int(row[0]) for row in self.database.rows("select id from reassay_installations"))

    def done(self, ids: Iterable[str], now: datetime) -> None:
        """Their ids are kept, to know them again; their bodies are not."""
        self.database.run(
            "update reassay_inbox set done_at = %s, body = null where delivery_id = any(%s)", (now, list(ids))
        )

    def bury(self, delivery: str, repository: int | None, reason: str, now: datetime) -> None:
        """Among the dead letters, with its body, so that it can be read again once the reason is gone."""
        with self.database.transaction() as connection:
            connection.execute(_BURY.encode(), (repository, reason[:LONGEST_REASON], now, delivery))
            connection.execute(
                b"update reassay_inbox set done_at = %s, body = null where delivery_id = %s", (now, delivery)
            )

    def dead(self, most: int = 100) -> tuple[DeadDelivery, ...]:
        """The latest first."""
        rows = self.database.rows(
            "select key, event, reason, at, redriven_at from reassay_dead_letters where kind = 'delivery'"
            " order by at desc limit %s",
            (most,),
        )
        return tuple(DeadDelivery(*row) for row in rows)

    def redrive(self, delivery: str, now: datetime) -> bool:
        """Back into the inbox. False if there is no such letter."""
        return self.database.run(_REDRIVE, (now, delivery, now)) == 1

    def waiting(self) -> tuple[int, datetime | None]:
        """How many are unread, and since when the oldest waits."""
        rows = self.database.rows("select count(*), min(received_at) from reassay_inbox where done_at is null")
        return int(rows[0][0]), rows[0][1]

    def forget(self, read_before: datetime, dead_before: datetime) -> int:
        """Drops what was read, and dead letters, of so long ago; duplicates that come later are read once more."""
        read = self.database.run("delete from reassay_inbox where done_at < %s", (read_before,))
        return read + self.database.run(
            "delete from reassay_dead_letters where kind = 'delivery' and at < %s", (dead_before,)
        )
