"""A framework repository on the sandbox, and real sweeps of it: HTTP, git and PyGithub, nothing replaced."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from reassay.cli.remote import remote_ports
from reassay.cli.settings import GitHubSettings
from reassay.sweep.interpreters import Budget
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from reassay.sweep.sweep import sweep
from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository

REPOSITORY = "example-lab/framework"
START = datetime(2026, 12, 1, 9, tzinfo=UTC)
STARTER = b"""\
mode: remind
timezone: Europe/Berlin
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    last_assessed: 2026-06-11
  - {id: staff-training, title: Staff finish misuse training, owner: safety-lead, every: 1 year}
"""
PERMISSIONS = {
    "issues": "write",
    "contents": "write",
    "pull_requests": "write",
    "checks": "write",
    "metadata": "read",
    "merge_queues": "read",
}
"""Of an App: the token of a workflow reads no merge queue."""
PEOPLE = ("safety-lead", "red-team-lead", "release-manager", "auditor")


@dataclass(frozen=True)
class BoxClock:
    box: Sandbox = field(repr=False)

    def now(self) -> datetime:
        return self.box.clock.now()

    def sleep(self, seconds: float) -> None:
        self.box.clock.advance(timedelta(seconds=seconds))


@dataclass
class Lab:
    """One repository and what a test does with it."""

    box: Sandbox
    settings: GitHubSettings
    name: str = REPOSITORY
    said: list[str] = field(default_factory=list)

    @property
    def repo(self) -> SandboxRepository:
        return self.box.repo(self.name)

    def sweep(
        self, *, budget: Budget | None = None, settings: GitHubSettings | None = None, **options: object
    ) -> Report:
        with remote_ports(self.name, settings or self.settings, BoxClock(self.box)) as ports:
            return sweep(ports, Options(**options), budget or Budget(), self.said.append)  # type: ignore[arg-type] # test options

    def fine(self, **options: object) -> Report:
        report = self.sweep(**options)  # type: ignore[arg-type] # test options
        assert report.problems == (), report.problems
        return report

    def register(self, text: bytes, path: str = "framework/mitigations.yml") -> None:
        self.repo.commit({path: text}, message="change the register", author="safety-lead")

    def titles(self) -> list[str]:
        return [issue.title for issue in self.repo.issues()]

    def say(self, who: str, number: int, text: str) -> int:
        return int(self.repo.comment_as(who, number, text))

    def later(self, **delta: float) -> None:
        self.box.clock.advance(timedelta(**delta))


def accepted(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same repository after its first contact: the line that accepts stands where the configuration is."""
    if any(b"mode: " in data for data in files.values()):
        return files
    usual = (".github/reassay.yml", "framework/mitigations.yml", *sorted(files))
    place = next((path for path in usual if path in files and path.endswith(".yml")), None)
    return files | {place: b"mode: remind\n" + files[place]} if place else files


@pytest.fixture
def make_lab(box: Sandbox) -> Callable[..., Lab]:
    def make(
        files: dict[str, bytes] | None = None,
        *,
        name: str = REPOSITORY,
        private: bool = True,
        first_contact: bool = False,
    ) -> Lab:
        for login in PEOPLE:
            box.add_user(login)
        box.add_bot("reassay")
        box.clock.move_to(START)
        given = files if files is not None else {"framework/mitigations.yml": STARTER}
        box.add_repo(
            name,
            private=private,
            files=given if first_contact else accepted(given),
            collaborators=dict.fromkeys(PEOPLE, "write"),
        )
        token = box.token("reassay[bot]", name, permissions=PERMISSIONS)
        return Lab(
            box, GitHubSettings(token=token, api_url=box.api_url, server_url=box.url, write_pause=0, run=""), name
        )

    return make


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab()
