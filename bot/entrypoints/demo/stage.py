"""The stage: a sandbox that holds the example lab's framework repository, and the people it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.bootstrap.remote import remote_ports
from bot.domain.register.register import Register
from bot.errors import UsageError
from bot.sandbox import Sandbox
from bot.services.apply import Budget, Progress
from bot.services.sweep import Options, Report, sweep
from bot.settings import Settings

REPOSITORY = "example-lab/framework"
BOT = "reassay[bot]"
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
    """Where the story plays."""

    box: Sandbox
    settings: Settings

    def sweep(self, progress: Progress, options: Options | None = None) -> Report:
        """One real sweep, over HTTP and git."""
        with remote_ports(REPOSITORY, self.settings, StageClock(self.box)) as ports:
            return sweep(ports, options or Options(), Budget(), progress)

    def issue_url(self, number: int) -> str:
        """Where the issue is shown."""
        return f"{self.box.url}/{REPOSITORY}/issues/{number}"


def example_folder(name: str = "frontier-lab") -> Path:
    """Inside the package once installed; at the top of the tree in a checkout. Raises UsageError."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "examples" / name, package.parent / "examples" / name):
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
    with Sandbox.start(now=START, port=port) as box:
        box.add_bot("reassay")
        people = people_of(register)
        for login in people:
            box.add_user(login)
        collaborators = dict.fromkeys(people, "write")
        box.add_repo(REPOSITORY, private=True, files=files_of(folder), collaborators=collaborators)
        permissions = {"issues": "write", "contents": "write", "pull_requests": "write", "metadata": "read"}
        token = box.token(BOT, REPOSITORY, permissions=permissions)
        yield Stage(box, Settings(token=token, api_url=box.api_url, server_url=box.url, write_pause=0, run="demo"))
