"""The hosted App on the sandbox and a real PostgreSQL: one process of it, and what a test does to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reassay.hosted.database.database import Database
from reassay.hosted.job_services import JobServices, job_services
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.settings import AppIdentity, HostingSettings
from reassay_sandbox import Sandbox
from reassay_sandbox.apps import App
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.lab import PEOPLE, START, STARTER, BoxClock, accepted

RIGHTS = {
    "metadata": "read",
    "contents": "write",
    "issues": "write",
    "pull_requests": "write",
    "checks": "write",
    "members": "read",
}
PRIVATE = generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
FIRST, SECOND = "example-lab/framework", "other-lab/framework"


@dataclass
class HostedLab:
    """Two accounts, a repository of each, the App on both."""

    box: Sandbox
    database: Database
    data: Path
    app_id: int = 0
    jobs: JobServices = field(init=False)

    @property
    def app(self) -> App:
        return self.box.dispatcher.apps[self.app_id]

    @property
    def settings(self) -> HostingSettings:
        return HostingSettings(self.data, api_url=self.box.api_url, server_url=self.box.url, write_pause=0.0)

    def set_up(self) -> None:
        for login in PEOPLE:
            self.box.add_user(login)
        self.box.clock.move_to(START)
        self.add(FIRST)
        self.add(SECOND)
        self.app_id = self.box.add_app("reassay", PUBLIC, FIRST, RIGHTS)
        self.box.install(self.app_id, SECOND)

    def add(self, name: str, files: dict[str, bytes] | None = None, *, private: bool = True) -> SandboxRepository:
        given = accepted(files or {"framework/mitigations.yml": STARTER})
        return self.box.add_repo(name, private=private, files=given, collaborators=dict.fromkeys(PEOPLE, "write"))

    @contextmanager
    def process(self, database: Database | None = None, data: Path | None = None) -> Iterator[JobServices]:
        """A process of its own, on this machine or on another one."""
        settings = (
            self.settings
            if data is None
            else HostingSettings(data, api_url=self.box.api_url, server_url=self.box.url, write_pause=0.0)
        )
        with job_services(
            settings, AppIdentity(self.app_id, PEM, "secret"), database or self.database, BoxClock(self.box)
        ) as jobs:
            yield jobs

    def id_of(self, name: str) -> int:
        found = self.box.dispatcher.store.find(name)
        assert found is not None
        return found.id

    def subject(self, name: str) -> JobSubject:
        return JobSubject(self.id_of(name))

    def tick(self) -> tuple[str, ...]:
        return self.jobs.scheduler.tick(self.box.clock.now())

    def work(self) -> None:
        asyncio.run(self.jobs.worker.run_waiting())

    def round(self) -> None:
        """A tick, its jobs, and what waits for its time."""
        self.tick()
        self.work()
        self.later()
        self.work()

    def later(self) -> None:
        """What waits for its time is due."""
        self.database.run("update procrastinate_jobs set scheduled_at = now() where scheduled_at is not null")

    def waiting(self) -> list[str]:
        rows = self.database.rows("select queueing_lock from procrastinate_jobs where status = 'todo' order by 1")
        return [row[0] for row in rows]

    def titles(self, name: str) -> list[str]:
        return [issue.title for issue in self.box.repo(name).issues()]

    def fine(self) -> dict[str, bool]:
        return dict(self.database.rows("select full_name, fine from reassay_repositories"))

    def hours(self, count: float) -> None:
        self.box.clock.advance(timedelta(hours=count))
