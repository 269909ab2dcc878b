"""Real processes of the hosted App, and somebody who kills them."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psycopg

from reassay_sandbox import Sandbox
from reassay_sandbox.apps import App
from reassay_sandbox.webhooks import Attempt, headers_of
from tests.gate_lab import KEY
from tests.hosted.hosted_lab import PEM

DEADLINE = 300.0
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Farm:
    """`kinds` are the processes to keep alive: `serve`, `worker`, ..."""

    box: Sandbox
    folder: Path
    app: App
    kinds: tuple[str, ...]
    database_url: str = ""
    port: int = field(default_factory=free_port)
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def environment(self, number: int) -> dict[str, str]:
        alone = self.kinds == ("serve",)
        data = self.folder if not self.database_url else self.folder / f"machine-{number}"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "REASSAY_DATA_DIR": str(data),
            "REASSAY_DATABASE_URL": self.database_url,
            "REASSAY_GITHUB_URL": self.box.url,
            "REASSAY_API_URL": self.box.api_url,
            "REASSAY_PORT": str(self.port),
            "REASSAY_WRITE_PAUSE": "0",
            "REASSAY_APP_ID": str(self.app.id),
            "REASSAY_APP_KEY": PEM,
            "REASSAY_WEBHOOK_SECRET": self.app.hook_secret,
            "REASSAY_APP_SLUG": self.app.slug,
            "REASSAY_LEDGER_KEY": KEY,
            "REASSAY_CONCURRENCY": "2" if alone or self.kinds[number] == "worker" else "0",
        }

    def start(self, number: int) -> None:
        log = (self.folder / f"log-{number}").open("ab")
        arguments = [sys.executable, "-m", "tests.hosted.app_process", self.kinds[number], str(self.clock_file)]
        self.running[number] = subprocess.Popen(
            arguments, cwd=ROOT, env=self.environment(number), stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def begin(self, kinds: tuple[str, ...] | None = None) -> None:
        """Starts all processes, or the first ones."""
        self.folder.mkdir(mode=0o711, parents=True)
        self.clock_file.write_text("0")
        for number in range(len(kinds or self.kinds)):
            self.start(number)
        self.until(self.answers, "the server answers")

    def end(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()

    def kill(self, number: int) -> None:
        """As the kernel does when memory runs out: no goodbye."""
        self.running[number].kill()
        self.running[number].wait(DEADLINE)
        self.kills += 1
        self.start(number)

    def answers(self) -> bool:
        return self.request("GET", "/livez", b"", {}) == 200

    def request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status; 0 without an answer."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
                connection.request(method, path, body, dict(headers))
                with connection.getresponse() as answer:
                    answer.read()
                    return answer.status
        except (OSError, http.client.HTTPException):
            return 0

    def jump(self, seconds: float) -> None:
        """Time passes for every process, and on GitHub."""
        self.set_clock(float(self.clock_file.read_text()) + seconds)

    def set_clock(self, ahead: float) -> None:
        """The clocks of all processes are so many seconds ahead of GitHub's, or behind it."""
        new = self.folder / "clock.new"
        new.write_text(str(ahead))
        new.replace(self.clock_file)

    def until(self, condition: Callable[[], bool], what: str, seconds: float = DEADLINE) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                logs = "\n".join(file.read_text()[-3000:] for file in sorted(self.folder.glob("log-*")))
                raise AssertionError(f"not within {seconds:.0f} s: {what}\n{logs}")
            time.sleep(0.1)

    # What GitHub does.

    def send(self, attempt: Attempt, guid: str) -> None:
        """One signed delivery; whoever is not answered does not know."""
        headers = headers_of(self.app, replace(attempt, guid=guid))
        status = self.request("POST", "/webhook", attempt.body, headers)
        with self.lock:
            if status == 202:
                self.acknowledged.add(guid)
            else:
                self.refused += 1

    def storm(
        self, attempts: list[Attempt], count: int, rng: random.Random, threads: int = 4
    ) -> list[threading.Thread]:
        """`count` deliveries out of these: new ones, the same again, in any order, from several connections at once."""
        plan: list[tuple[Attempt, str]] = []
        while len(plan) < count:
            each = rng.choice(attempts)
            guid = rng.choice(plan)[1] if plan and rng.random() < 0.2 else str(uuid.UUID(int=rng.getrandbits(128)))
            known = next((one for one, known in plan if known == guid), each)
            plan.append((known, guid))
        parts = [plan[at::threads] for at in range(threads)]
        made = [threading.Thread(target=self.send_all, args=(part,)) for part in parts]
        for thread in made:
            thread.start()
        return made

    def send_all(self, part: list[tuple[Attempt, str]]) -> None:
        """One after the other."""
        for attempt, guid in part:
            before = self.refused
            self.send(attempt, guid)
            if self.refused != before:
                # A delivery that nobody took is lost; the next one comes when there is somebody.
                self.until(self.answers, "the server answers")

    # What it came to.

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_address()) as connection:
            return connection.execute(query.encode()).fetchall()

    def run(self, query: str) -> None:
        with psycopg.connect(self.database_address(), autocommit=True) as connection:
            connection.execute(query.encode())

    def database_address(self) -> str:
        return self.database_url or f"postgresql://postgres:@/postgres?host={self.folder / 'postgres'}"

    def is_idle(self) -> bool:
        """Nothing unread, no job waiting or running; what waits for its time is due at once."""
        self.run("update procrastinate_jobs set scheduled_at = now() where scheduled_at > now() and status = 'todo'")
        ((unread,),) = self.rows("select count(*) from reassay_inbox where done_at is null")
        ((jobs,),) = self.rows(
            "select count(*) from procrastinate_jobs where status in ('todo', 'doing', 'failed', 'aborted')"
        )
        return unread == 0 and jobs == 0

    def last_sweeps(self) -> object:
        """When repositories were last looked at."""
        return self.rows("select max(at) from reassay_ticks where name = 'sweeps'")

    def has_swept_since(self, before: object) -> bool:
        """Whether they were looked at after that."""
        return self.last_sweeps() != before

    def settle(self) -> None:
        """Leases end, sweeps fall due, and everything is done; twice, so that the second round shows that nothing is left."""
        for _ in range(2):
            # What a run that died had claimed is left alone until its lease ends: jobs wait for that.
            self.jump(400)
            self.until(self.is_idle, "all jobs are done")
            self.run("update reassay_repositories set next_sweep_at = '2000-01-01'")
            self.until(partial(self.has_swept_since, self.last_sweeps()), "a sweep")
            self.jump(400)
        self.until(self.is_idle, "all jobs are done")
