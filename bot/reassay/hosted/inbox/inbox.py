"""The inbox: a table of deliveries that are acknowledged once they are stored, and wait to be processed.

It is written by group commit: all deliveries that wait at one moment are stored in one transaction.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from reassay.hosted.database.database import Database, DatabaseError, unavailable
from reassay.hosted.rules.clock_steps import SKEW
from reassay.hosted.rules.deliveries import SIGNAL_EVENT

_INSERT = b"""
insert into reassay_inbox (delivery_id, event, body, received_at)
select name, event, body, %b::timestamptz from unnest(%b::text[], %b::text[], %b::bytea[]) as a (name, event, body)
on conflict (delivery_id) do nothing returning delivery_id
"""
MOST_WAITING = 2_000
MOST_BYTES_WAITING = 64 * 1024**2
GROUP = 200
GROUP_BYTES = 16 * 1024**2
ANSWER_SECONDS = 8.0
"""GitHub gives up after ten seconds."""
LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class ReceivedDelivery:
    """A webhook delivery as it is stored in the inbox."""

    id: str
    event: str
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(slots=True)
class _Waiting:
    delivery: ReceivedDelivery
    answer: "asyncio.Future[bool]"


@dataclass(slots=True)
class GroupCommit:
    """Writes deliveries to the inbox. `run` is its only task, with its own connection, in the server's event loop."""

    url: str = field(repr=False)
    committed: Callable[[], None] = lambda: None
    """Called after each transaction, so that the inbox is drained at once."""
    waiting: list[_Waiting] = field(default_factory=list)
    size: int = 0
    pending: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, delivery: ReceivedDelivery) -> bool:
        """Returns once the delivery is on disk: True if it is new, False for a duplicate. Raises DatabaseError."""
        if len(self.waiting) >= MOST_WAITING or self.size + len(delivery.body) > MOST_BYTES_WAITING:
            raise DatabaseError(
                "too many deliveries are waiting to be written.", where="inbox", remedy="Send it again."
            )
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        self.waiting.append(_Waiting(delivery, answer))
        self.size += len(delivery.body)
        self.pending.set()
        late = loop.call_later(ANSWER_SECONDS, _too_late, answer)
        try:
            return await answer
        finally:
            late.cancel()

    async def run(self) -> None:
        """Runs until it is cancelled. Reconnects after an error; if that fails, all waiting calls of `put` raise."""
        try:
            await self._run()
        finally:
            self._refuse(DatabaseError("the server is stopping.", where="inbox", remedy="Send it again."))

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.url, autocommit=True, connect_timeout=5
                ) as connection:
                    while True:
                        await self._write_group(connection)
                        pause = 0.0
            except (psycopg.Error, OSError) as error:
                if pause:
                    self._refuse(unavailable(error))
                await self._pause(pause)
                pause = min(LONGEST_PAUSE, pause * 2 or 0.1)

    async def _pause(self, seconds: float) -> None:
        """Waits before reconnecting; calls of `put` that arrive meanwhile fail at once."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, 0.25))
            self._refuse(DatabaseError("PostgreSQL does not answer.", where="inbox", remedy="Send it again."))

    async def _write_group(self, connection: psycopg.AsyncConnection[tuple[str]]) -> None:
        await self.pending.wait()
        await self._gathered()
        group = self._take()
        if not group:
            return
        try:
            # A database that hangs is treated like one that is down.
            async with asyncio.timeout(ANSWER_SECONDS):
                new = await _insert(connection, [waiting.delivery for waiting in group])
        except (psycopg.Error, OSError):
            # They are written again after reconnecting; deliveries that were committed after all count as duplicates.
            self.waiting[:0] = group
            self.size += sum(len(waiting.delivery.body) for waiting in group)
            self.pending.set()
            raise
        except BaseException:
            _fail(group, DatabaseError("the server is stopping.", where="inbox", remedy="Send it again."))
            raise
        for waiting in group:
            if not waiting.answer.done():
                # Of two equal deliveries in one group only the first is new.
                waiting.answer.set_result(waiting.delivery.id in new)
                new.discard(waiting.delivery.id)
        self.committed()

    async def _gathered(self) -> None:
        """Lets the event loop run while each turn brings more deliveries, so that they join the group."""
        before = 0
        while before < len(self.waiting) < GROUP:
            before = len(self.waiting)
            await asyncio.sleep(0)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = count = 0
        for waiting in self.waiting[:GROUP]:
            size += len(waiting.delivery.body)
            count += 1
            if not waiting.answer.done():
                group.append(waiting)
            if size >= GROUP_BYTES:
                break
        self.waiting = self.waiting[count:]
        self.size -= size
        if not self.waiting:
            self.pending.clear()
        return group

    def _refuse(self, error: DatabaseError) -> None:
        waiting, self.waiting, self.size = self.waiting, [], 0
        self.pending.clear()
        _fail(waiting, error)


def _fail(group: Iterable[_Waiting], error: DatabaseError) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)


def _too_late(answer: "asyncio.Future[bool]") -> None:
    """Fails a call of `put`. If the delivery is written after all, GitHub's next attempt is a duplicate."""
    if not answer.done():
        answer.set_exception(DatabaseError("PostgreSQL takes too long.", where="inbox", remedy="Send it again."))


async def _insert(connection: psycopg.AsyncConnection[tuple[str]], group: Sequence[ReceivedDelivery]) -> set[str]:
    """Inserts a group in one statement, which is one transaction; returns the ids that were new."""
    unique: dict[str, ReceivedDelivery] = {}
    for delivery in group:
        unique.setdefault(delivery.id, delivery)
    columns = (
        max(delivery.received_at for delivery in unique.values()),
        list(unique),
        [delivery.event for delivery in unique.values()],
        [delivery.body for delivery in unique.values()],
    )
    rows = await (await connection.execute(_INSERT, columns)).fetchall()
    return {row[0] for row in rows}


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

    def redate(self, now: datetime) -> int:
        """Dates unprocessed deliveries now that seem to have arrived in the future: a clock was ahead when they did."""
        return self.database.run(
            "update reassay_inbox set received_at = %s where done_at is null and received_at > %s", (now, now + SKEW)
        )

    def installations_of(self, repositories: Collection[int]) -> Mapping[int, int]:
        """Installation id by repository id, of those repositories that an installation has."""
        rows = self.database.rows(
            "select id, installation_id from reassay_repositories where id = any(%s)", (list(repositories),)
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def done(self, ids: Iterable[str], now: datetime) -> None:
        """Marks deliveries as processed. Their ids stay, to recognise duplicates; their bodies are deleted.

        Those of monitoring tools have an id of their own each time, so nothing of them stays: a tool may send without end.
        """
        names = list(ids)
        self.database.run("delete from reassay_inbox where event = %s and delivery_id = any(%s)", (SIGNAL_EVENT, names))
        self.database.run(
            "update reassay_inbox set done_at = %s, body = null where delivery_id = any(%s)", (now, names)
        )

    def forget(self, before: datetime) -> int:
        """Deletes deliveries that were processed earlier; a duplicate that arrives later is processed again."""
        return self.database.run("delete from reassay_inbox where done_at < %s", (before,))
