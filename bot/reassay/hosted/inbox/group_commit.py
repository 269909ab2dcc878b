"""Group commit: all deliveries that wait at one moment share one transaction, and are answered when it is on disk."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from reassay.hosted.database.database import DatabaseError, unavailable

_INSERT = b"""
insert into reassay_inbox (delivery_id, event, body, received_at)
select name, event, body, %b::timestamptz
from unnest(string_to_array(%b::text, ','), string_to_array(%b::text, ','), %b::bytea[]) as a (name, event, body)
on conflict (delivery_id) do nothing returning delivery_id
"""
MOST_WAITING = 2_000
MOST_BYTES_WAITING = 64 * 1024**2
GROUP = 200
GROUP_BYTES = 16 * 1024**2
ANSWER_SECONDS = 8.0
"""GitHub gives up after ten."""
LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is kept until it is read."""

    id: str
    event: str
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    answer: "asyncio.Future[bool]"


@dataclass(slots=True)
class GroupCommit:
    """Runs in the event loop of the server; `run` is its one task, with one connection of its own."""

    url: str = field(repr=False)
    committed: Callable[[], None] = lambda: None
    """Called after each group: there is something to read."""
    waiting: list[_Waiting] = field(default_factory=list)
    size: int = 0
    something: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, delivery: Delivery) -> bool:
        """Returns once it is on disk: True if it is new, False if it was there already. Raises DatabaseError."""
        if len(self.waiting) >= MOST_WAITING or self.size + len(delivery.body) > MOST_BYTES_WAITING:
            raise DatabaseError("too many deliveries wait to be written.", where="inbox", remedy="Send it again.")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        self.waiting.append(_Waiting(delivery, answer))
        self.size += len(delivery.body)
        self.something.set()
        late = loop.call_later(ANSWER_SECONDS, _too_late, answer)
        try:
            return await answer
        finally:
            late.cancel()

    async def run(self) -> None:
        """Until it is cancelled. A connection that broke is made anew; if that does not help, all that wait are told."""
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
                        await self._one(connection)
                        pause = 0.0
            except (psycopg.Error, OSError) as error:
                if pause:
                    self._refuse(unavailable(error))
                await self._pause(pause)
                pause = min(LONGEST_PAUSE, pause * 2 or 0.1)

    async def _pause(self, seconds: float) -> None:
        """Whoever comes meanwhile is told at once rather than kept waiting."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, 0.25))
            self._refuse(DatabaseError("PostgreSQL does not answer.", where="inbox", remedy="Send it again."))

    async def _one(self, connection: psycopg.AsyncConnection[tuple[str]]) -> None:
        await self.something.wait()
        await self._gathered()
        group = self._take()
        if not group:
            return
        try:
            # A server that does not say a word is no better than one that is gone.
            async with asyncio.timeout(ANSWER_SECONDS):
                new = await _insert(connection, [each.delivery for each in group])
        except (psycopg.Error, OSError):
            # Once more: what was written after all is not written twice.
            self.waiting[:0] = group
            self.size += sum(len(each.delivery.body) for each in group)
            self.something.set()
            raise
        except BaseException:
            _tell(group, DatabaseError("the server is stopping.", where="inbox", remedy="Send it again."))
            raise
        for each in group:
            if not each.answer.done():
                # Of two alike in one group the first is new.
                each.answer.set_result(each.delivery.id in new)
                new.discard(each.delivery.id)
        self.committed()

    async def _gathered(self) -> None:
        """Whatever is arriving goes along: turns of the loop, as long as each brings more."""
        before = 0
        while before < len(self.waiting) < GROUP:
            before = len(self.waiting)
            await asyncio.sleep(0)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = count = 0
        for each in self.waiting[:GROUP]:
            size += len(each.delivery.body)
            count += 1
            if not each.answer.done():
                group.append(each)
            if size >= GROUP_BYTES:
                break
        self.waiting = self.waiting[count:]
        self.size -= size
        if not self.waiting:
            self.something.clear()
        return group

    def _refuse(self, error: DatabaseError) -> None:
        waiting, self.waiting, self.size = self.waiting, [], 0
        self.something.clear()
        _tell(waiting, error)


def _tell(waiting: Iterable[_Waiting], error: DatabaseError) -> None:
    for each in waiting:
        if not each.answer.done():
            each.answer.set_exception(error)


def _too_late(answer: "asyncio.Future[bool]") -> None:
    """It may be written all the same: then it is a duplicate when it comes again."""
    if not answer.done():
        answer.set_exception(DatabaseError("PostgreSQL takes too long.", where="inbox", remedy="Send it again."))


async def _insert(connection: psycopg.AsyncConnection[tuple[str]], group: Sequence[Delivery]) -> set[str]:
    """Ids that were new. One statement is one transaction; it returns when that is on disk."""
    unique: dict[str, Delivery] = {}
    for each in group:
        unique.setdefault(each.id, each)
    columns = (
        max(each.received_at for each in unique.values()),
        # Names hold no comma, and one text is made more quickly than an array.
        ",".join(each.id for each in unique.values()),
        ",".join(each.event for each in unique.values()),
        [each.body for each in unique.values()],
    )
    rows = await (await connection.execute(_INSERT, columns)).fetchall()
    return {row[0] for row in rows}
