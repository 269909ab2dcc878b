"""What a test of the inbox does: deliveries put into it, and a server process that takes them over HTTP."""

import asyncio
import hashlib
import hmac
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from reassay.hosted.inbox.inbox import GroupCommit, ReceivedDelivery

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECRET = "a secret"
BODY = b'{"action": "opened", "pull_request": {"number": 5}, "repository": {"id": 7}}'
ROOT = Path(__file__).resolve().parents[2]


def delivery(number: str, body: bytes = BODY, event: str = "pull_request") -> ReceivedDelivery:
    return ReceivedDelivery(number, event, body, NOW)


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[GroupCommit]:
    keeper = GroupCommit(url)
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def kept(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("select delivery_id from reassay_inbox")}


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])


@dataclass
class Process:
    """The intake with its PostgreSQL, and clients that go on sending until they are told to stop."""

    process: subprocess.Popen[str]
    port: int
    url: str
    answers: dict[str, int] = field(default_factory=dict)
    """Status by delivery id; 0 where the connection broke."""
    stopped: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acknowledged(self) -> set[str]:
        return {number for number, status in self.answers.items() if status == 202}

    def kill(self) -> None:
        """The whole group, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def send(self, name: str) -> None:
        """One client, until `stopped`."""
        signature = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-github-event": "pull_request",
            "x-github-hook-installation-target-type": "integration",
            "x-github-hook-installation-target-id": "1",
            "x-hub-signature-256": f"sha256={signature}",
        }
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=60) as client:
            sent = 0
            while not self.stopped:
                number = f"{name}-{sent}"
                sent += 1
                try:
                    answer = await client.post(
                        "/webhook", content=BODY, headers={**headers, "x-github-delivery": number}
                    )
                    self.answers[number] = answer.status_code
                except httpx.HTTPError:
                    self.answers[number] = 0
                    await asyncio.sleep(0.01)
                self.news.set()

    @asynccontextmanager
    async def load(self, name: str, clients: int = 12) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.send(f"{name}-{each}")) for each in range(clients)]
        try:
            yield
        finally:
            self.stopped = True
            await asyncio.gather(*tasks)
            self.stopped = False

    async def until(self, status: int, more: int) -> None:
        """So many more answers of this kind."""
        wanted = self.count(status) + more
        while self.count(status) < wanted:
            self.news.clear()
            await self.news.wait()

    def count(self, status: int) -> int:
        return sum(each == status for each in self.answers.values())


@contextmanager
def intake_process(data: Path) -> Iterator[Process]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.webhooks.ours", str(port), SECRET, str(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline().split(maxsplit=1)
        assert ready[:1] == ["ready"], ready
        try:
            yield Process(process, port, ready[1].strip())
        finally:
            process.terminate()
