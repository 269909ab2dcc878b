"""The inbox over a real PostgreSQL: what is acknowledged is there, once, whatever goes wrong in between."""

import asyncio
from unittest.mock import patch

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.inbox import inbox
from reassay.hosted.inbox.inbox import GROUP, MOST_BYTES_WAITING, MOST_WAITING, GroupCommit
from tests.hosted.inbox_lab import NOW, delivery, kept, writing

END = "select pg_terminate_backend(pid) from pg_stat_activity where query like %s and pid <> pg_backend_pid()"


def test_all_that_wait_share_a_commit_and_keep_their_order(url: str, database: Database) -> None:
    told: list[int] = []

    async def put() -> list[bool]:
        async with writing(url) as keeper:
            keeper.committed = lambda: told.append(1)
            return await asyncio.gather(*(keeper.put(delivery(f"d{each:03}")) for each in range(2 * GROUP)))

    assert asyncio.run(put()) == [True] * (2 * GROUP)
    rows = database.rows("select delivery_id, event, body, received_at, xmin::text from reassay_inbox order by seq")
    assert [row[0] for row in rows] == [f"d{each:03}" for each in range(2 * GROUP)]
    assert rows[0][1:4] == ("pull_request", delivery("x").body, NOW)
    assert len({row[4] for row in rows}) == len(told) <= 4


def test_the_same_delivery_is_stored_once_and_said_to_be_known(url: str, database: Database) -> None:
    async def put() -> list[bool]:
        async with writing(url) as keeper:
            first = await asyncio.gather(keeper.put(delivery("a", b"1")), keeper.put(delivery("a", b"2")))
            return [*first, await keeper.put(delivery("a", b"3")), await keeper.put(delivery("b", b"4"))]

    assert asyncio.run(put()) == [True, False, False, True]
    assert database.rows("select delivery_id, body from reassay_inbox order by 1") == [("a", b"1"), ("b", b"4")]


def test_a_delivery_read_already_is_known_again(url: str, database: Database) -> None:
    async def put() -> bool:
        async with writing(url) as keeper:
            return await keeper.put(delivery("a"))

    assert asyncio.run(put())
    database.run("update reassay_inbox set done_at = now(), body = null")
    assert not asyncio.run(put())
    assert database.rows("select body from reassay_inbox") == [(None,)]


def test_a_connection_that_broke_is_made_anew_and_nobody_is_told(url: str, database: Database) -> None:
    async def put() -> list[bool]:
        async with writing(url) as keeper:
            first = await keeper.put(delivery("a"))
            for each in "bcd":
                assert len(database.rows(END, ("%insert into reassay_inbox%",))) == 1
                first = first and await keeper.put(delivery(each))
            return [first]

    assert asyncio.run(put()) == [True]
    assert kept(url) == set("abcd")


def test_a_database_that_lets_nobody_in_is_told_of_and_then_found_again(server: str, url: str) -> None:
    name = str(conninfo_to_dict(url)["dbname"])

    def let(allowed: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"alter database {name} allow_connections {allowed}".encode())
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))

    async def put() -> set[str]:
        acknowledged = set()
        async with writing(url) as keeper:
            await keeper.put(delivery("before"))
            let("false")
            with pytest.raises(DatabaseError, match="PostgreSQL did not answer"):
                await keeper.put(delivery("lost"))
            let("true")
            for attempt in range(1_000):
                try:
                    await keeper.put(delivery(f"after{attempt}"))
                except DatabaseError:
                    continue
                acknowledged.add(f"after{attempt}")
                break
        return acknowledged

    acknowledged = asyncio.run(put())
    assert len(acknowledged) == 1
    assert kept(url) >= acknowledged | {"before"}


def test_a_database_that_says_nothing_is_not_waited_for(url: str, database: Database) -> None:
    async def put() -> bool:
        async with writing(url) as keeper:
            with patch.object(inbox, "ANSWER_SECONDS", 0.3), database.transaction() as other:
                other.execute("lock table reassay_inbox in access exclusive mode")
                with pytest.raises(DatabaseError, match="too long"):
                    await keeper.put(delivery("a"))
            # Whether it was written after all is for the database to know.
            return await keeper.put(delivery("b"))

    assert asyncio.run(put())
    assert "b" in kept(url)


@pytest.mark.long
def test_only_so_many_wait_and_so_many_bytes() -> None:
    async def fill(body: bytes, most: int) -> None:
        keeper = GroupCommit("postgresql://nowhere")
        waiting = [asyncio.create_task(keeper.put(delivery(str(each), body))) for each in range(most)]
        await asyncio.sleep(0)
        with pytest.raises(DatabaseError, match="too many"):
            await keeper.put(delivery("one more", body))
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(fill(b"", MOST_WAITING))
    asyncio.run(fill(b"x" * (MOST_BYTES_WAITING // 4), 4))


def test_whoever_waits_when_it_stops_is_told() -> None:
    async def stop() -> None:
        async with writing("postgresql://127.0.0.1:1/nowhere"):
            pass
        async with writing("postgresql://127.0.0.1:1/nowhere") as keeper:
            put = asyncio.create_task(keeper.put(delivery("a")))
            await asyncio.sleep(0)
        with pytest.raises(DatabaseError):
            await put

    asyncio.run(stop())
