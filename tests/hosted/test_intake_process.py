"""A real server process under load: whatever is killed, what was acknowledged is there."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from reassay.hosted.database.database import DatabaseError, migrate
from reassay.hosted.database.embedded import embedded
from tests.hosted.inbox_lab import Process, delivery, intake_process, kept, postmaster, writing

pytestmark = pytest.mark.long


def test_killed_in_the_middle_of_everything_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for name in ("first", "second"):
        with intake_process(tmp_path) as process:

            async def sending(name: str = name, process: Process = process) -> None:
                async with process.load(name):
                    await process.until(202, 300)
                    # PostgreSQL is no part of the group: it goes the same way.
                    os.kill(postmaster(tmp_path), signal.SIGKILL)
                    process.kill()

            asyncio.run(sending())
            assert process.count(202) >= 300
            assert process.count(0) > 0
            acknowledged |= process.acknowledged
    with embedded(tmp_path) as url:
        assert acknowledged <= kept(url)


def test_while_the_database_is_away_deliveries_are_refused_and_afterwards_taken_again(tmp_path: Path) -> None:
    with intake_process(tmp_path) as process:

        async def sending() -> None:
            async with process.load("a"):
                await process.until(202, 100)
                os.kill(postmaster(tmp_path), signal.SIGKILL)
                await process.until(503, 20)
                with embedded(tmp_path):
                    await process.until(202, 100)

        asyncio.run(sending())
        assert set(process.answers.values()) == {202, 503}
    with embedded(tmp_path) as url:
        assert process.acknowledged <= kept(url)


def test_told_to_stop_it_answers_what_it_has_and_leaves_a_database_that_was_shut_down(tmp_path: Path) -> None:
    with intake_process(tmp_path) as process:

        async def sending() -> None:
            async with process.load("a"):
                await process.until(202, 50)
                process.process.terminate()
                await process.until(0, 1)

        asyncio.run(sending())
        process.process.wait()
        assert process.process.returncode == 0
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    with embedded(tmp_path) as url:
        assert process.acknowledged <= kept(url)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that really runs full."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:  # fmt: skip
        pytest.skip("a file system that runs full can only be mounted as root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_an_error_for_those_who_send_and_nothing_acknowledged_is_lost(small_disk: Path) -> None:
    acknowledged: set[str] = set()

    async def fill(url: str) -> int:
        """Until three in a row are refused."""
        refused = sent = 0
        async with writing(url) as keeper:
            while refused < 3:
                number = f"d{sent}"
                sent += 1
                try:
                    await keeper.put(delivery(number, os.urandom(200_000)))
                except DatabaseError:
                    refused += 1
                else:
                    refused = 0
                    acknowledged.add(number)
        return sent

    async def again(url: str) -> None:
        async with writing(url) as keeper:
            assert await keeper.put(delivery("after"))

    ballast = small_disk / "ballast"
    with embedded(small_disk) as url:
        migrate(url)
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 30_000_000))
        sent = asyncio.run(fill(url))
    assert len(acknowledged) > 10
    assert sent > len(acknowledged)
    ballast.unlink()
    with embedded(small_disk) as url:
        assert acknowledged <= kept(url)
        asyncio.run(again(url))
        assert "after" in kept(url)


def test_the_same_when_the_disk_has_room_again_while_it_runs(small_disk: Path) -> None:
    """Tables run full before the log does: PostgreSQL goes on, and so does the one connection."""
    acknowledged: set[str] = set()

    async def through(url: str, ballast: Path) -> None:
        async with writing(url) as keeper:
            for number in range(10_000):
                with suppress(DatabaseError):
                    await keeper.put(delivery(f"d{number}", os.urandom(200_000)))
                    acknowledged.add(f"d{number}")
                    continue
                await asyncio.to_thread(ballast.unlink)
                break
            for number in range(1_000):
                with suppress(DatabaseError):
                    await keeper.put(delivery(f"after{number}"))
                    acknowledged.add(f"after{number}")
                    return

    with embedded(small_disk) as url:
        migrate(url)
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 30_000_000))
        asyncio.run(through(url, ballast))
        assert any(each.startswith("after") for each in acknowledged)
        assert acknowledged <= kept(url)
