"""The demo's environment: a sandbox with the framework repository of an example lab, and the hosted App."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.hosted.rules.subject import JobSubject
from reassay.register.configuration import CONFIGURATION_PATH
from reassay.register.register import Register
from reassay.sweep.report import Report
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.hosted import HostedApp, host
from reassay_sandbox.demo.numbers import PLACE, REGISTER, SOURCES, WATCHED_PLACE, WATCHED_REGISTER

REPOSITORY = "example-lab/framework"
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """The sandbox's clock. Sleeping moves it forward instead of waiting."""

    box: Sandbox

    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        return self.box.clock.now()

    def sleep(self, seconds: float) -> None:
        """Moves the clock forward by `seconds`."""
        self.box.clock.advance(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class DemoEnvironment:
    """A sandbox, and the hosted App that works on it."""

    box: Sandbox
    hosted: HostedApp

    @property
    def repository(self) -> int:
        """Id of the framework repository."""
        return self.box.repo(REPOSITORY).id

    def sweep(self) -> Report:
        """Runs one sweep as a job of the App; returns its report."""
        return self.hosted.sweep(self.repository)

    def say(self, who: str, issue: int, text: str) -> Report:
        """Comments on an issue as `who`; returns the report of the job that handled the comment."""
        subject = JobSubject(self.repository, "issue", issue)
        before = self.hosted.count(subject)
        self.box.repo(REPOSITORY).comment_as(who, issue, text)
        return self.hosted.wait_for(subject, before)

    def issue_url(self, number: int) -> str:
        """Address of the issue's page."""
        return f"{self.box.url}/{REPOSITORY}/issues/{number}"


def example_folder(name: str = "frontier-lab") -> Path:
    """Folder of an example: in the installed package, or at the top of a checkout. Raises UsageError."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "examples" / name, package.parents[1] / "examples" / name):
        if folder.is_dir():
            return folder
    raise UsageError(f"the example '{name}' is not part of this installation.", remedy="Reinstall reassay.")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of an example, by its path in the repository."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def people_of(register: Register) -> tuple[str, ...]:
    """Every account that the register names."""
    roles = {
        role for entry in register.mitigations.values() for role in (entry.value.owner, *entry.value.assessor_names)
    }
    named = {person for role in roles for person in register.configuration.people(role)}
    return tuple(sorted(named | {user for role in register.configuration.roles.values() for user in role.users}))


@contextmanager
def start_environment(register: Register, folder: Path, port: int = 0) -> Iterator[DemoEnvironment]:
    """Starts a sandbox with the example and the hosted App. Deletes both at the end of the block."""
    with Sandbox.start(now=START, port=port) as box, host(box, DemoClock(box)) as hosted:
        people = people_of(register)
        for login in people:
            box.add_user(login)
        collaborators = dict.fromkeys(people, "write")
        files = {**files_of(folder), PLACE: REGISTER, WATCHED_PLACE: WATCHED_REGISTER}
        files[CONFIGURATION_PATH] = b"dashboard: true\n" + files[CONFIGURATION_PATH] + SOURCES
        box.add_repo(REPOSITORY, private=True, files=files, collaborators=collaborators, labels=["incident"])
        yield DemoEnvironment(box, hosted)
