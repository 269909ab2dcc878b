"""Real worker processes, killed and told to stop in the middle of a job; and a database that goes away and comes back."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from reassay.hosted.database.database import Database
from reassay.hosted.jobs import worker as worker_module
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.jobs.worker import Worker
from reassay.hosted.rules.subject import Job, JobSubject
from tests.hosted.hosted_lab import FIRST, PEM, SECOND, HostedLab

pytestmark = pytest.mark.long

DEADLINE = 60.0


class Gate:
    """Holds GitHub's answer to the first issue that is created: it is made, and nobody knows yet."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, event: str, payload: dict[str, Any]) -> None:
        if event == "issues" and payload["action"] == "opened" and not self.reached.is_set():
            self.reached.set()
            self.open.wait(DEADLINE)


@contextmanager
def worker(hosted: HostedLab, url: str, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    key = tmp_path / "key.pem"
    key.write_text(PEM)
    arguments = [url, str(tmp_path / "process"), hosted.box.url, str(hosted.app_id), str(key)]
    process = subprocess.Popen([sys.executable, "-m", "tests.hosted.worker_process", *arguments])
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(DEADLINE)


def statuses(hosted: HostedLab) -> dict[str, int]:
    return dict(hosted.database.rows("select status::text, count(*) from procrastinate_jobs group by 1"))


def test_what_a_killed_worker_was_at_is_done_by_another_one(hosted: HostedLab, url: str, tmp_path: Path) -> None:
    gate = Gate()
    hosted.tick()
    hosted.box.on_event(gate)
    with worker(hosted, url, tmp_path) as process:
        assert gate.reached.wait(DEADLINE)
        process.kill()
        process.wait(DEADLINE)
    gate.open.set()
    assert statuses(hosted)["doing"] >= 1
    # Its heart has not stopped for long enough.
    assert hosted.jobs.reaper.run() == 0
    hosted.database.run("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '2 minutes'")
    assert hosted.jobs.reaper.run() >= 1
    # The claim of the run that died holds for five minutes.
    for _ in range(3):
        hosted.later()
        hosted.work()
        hosted.hours(0.1)
    hosted.round()
    assert len(hosted.titles(FIRST)) == len(set(hosted.titles(FIRST))) == 2
    assert len(hosted.titles(SECOND)) == len(set(hosted.titles(SECOND))) == 2
    assert all(hosted.fine().values())
    assert hosted.jobs.dead_letters.listed() == ()


def test_a_worker_that_is_told_to_stop_ends_what_it_is_at_and_takes_no_more(
    hosted: HostedLab, url: str, tmp_path: Path
) -> None:
    gate = Gate()
    hosted.jobs.worker.concurrency = 1
    hosted.tick()
    hosted.database.run("delete from procrastinate_jobs")
    hosted.jobs.queue.defer([hosted.subject(FIRST)])
    hosted.box.on_event(gate)
    with worker(hosted, url, tmp_path) as process:
        assert gate.reached.wait(DEADLINE)
        process.terminate()
        hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "issue", 1)])
        gate.open.set()
        assert process.wait(DEADLINE) == 0
    assert len(hosted.titles(FIRST)) == 2
    # What came meanwhile waits for the next worker: the new version of a rolling restart.
    assert hosted.waiting() == [f"{hosted.id_of(FIRST)}/issue:1"]
    assert statuses(hosted) == {"todo": 1}


async def poll(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 -- what is waited for happens in another process
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("away", [False, True])
def test_a_worker_outlives_a_database_that_is_restarted(
    database: Database, url: str, server: str, away: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(worker_module, "OPEN_SECONDS", 1.0)
    ran: list[Job] = []
    record: list[str] = []
    queue, worker = JobQueue.on(database), Worker(url, ran.append, note=lambda what, _error: record.append(what))
    name = database.rows("select current_database()")[0][0]

    async def story() -> bool:
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        await asyncio.to_thread(queue.defer, [JobSubject(1)])
        await poll(lambda: len(ran) == 1)
        with psycopg.connect(server, autocommit=True) as connection:
            if away:
                connection.execute(f"alter database {name} allow_connections false".encode())
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
            if away:
                # Nobody waits for the next beat of its heart: a job that comes finds nothing to connect to.
                await poll(lambda: bool(record) or running.done())
                connection.execute(f"alter database {name} allow_connections true".encode())
        await asyncio.to_thread(queue.defer, [JobSubject(2)])
        await poll(lambda: len(ran) == 2)
        stop.set()
        return await running

    assert asyncio.run(story())
    assert [job.subject for job in ran] == [JobSubject(1), JobSubject(2)]
