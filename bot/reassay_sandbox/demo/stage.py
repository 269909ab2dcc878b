"""The stage: a sandbox that holds the example lab's framework repository, and the people it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.hosted.rules.subject import JobSubject
from reassay.register.register import Register
from reassay.sweep.report import Report
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.hosted import HostedApp, host

REPOSITORY = "example-lab/framework"
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StageClock:
    """The sandbox's clock: waiting moves it."""

    box: Sandbox

    def now(self) -> datetime:
        """UTC, as it is on the stage."""
        return self.box.clock.now()

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a demo."""
        self.box.clock.advance(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays: a local GitHub, and the hosted App beside it."""

    box: Sandbox
    hosted: HostedApp

    @property
    def repository(self) -> int:
        """Its id."""
        return self.box.repo(REPOSITORY).id

    def sweep(self) -> Report:
        """One sweep, done by the App's worker."""
        return self.hosted.sweep(self.repository)

    def say(self, who: str, issue: int, text: str) -> Report:
        """Somebody comments; GitHub delivers it, the App acts, and this is what came of it."""
        subject = JobSubject(self.repository, "issue", issue)
        before = self.hosted.count(subject)
        self.box.repo(REPOSITORY).comment_as(who, issue, text)
        return self.hosted.wait_for(subject, before)

    def issue_url(self, number: int) -> str:
        """Where the issue is shown."""
        return f"{self.box.url}/{REPOSITORY}/issues/{number}"


def example_folder(name: str = "frontier-lab") -> Path:
    """Inside the package once installed; at the top of the tree in a checkout. Raises UsageError."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "examples" / name, package.parents[1] / "examples" / name):
        if folder.is_dir():
            return folder
    raise UsageError(f"the example '{name}' is not part of this installation.", remedy="Install reassay anew.")


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
def set_stage(register: Register, folder: Path, port: int = 0) -> Iterator[Stage]:
    """A sandbox with the example in it; everything is gone afterwards."""
    with Sandbox.start(now=START, port=port) as box, host(box, StageClock(box)) as hosted:
        people = people_of(register)
        for login in people:
            box.add_user(login)
        collaborators = dict.fromkeys(people, "write")
        box.add_repo(REPOSITORY, private=True, files=files_of(folder), collaborators=collaborators)
        yield Stage(box, hosted)
