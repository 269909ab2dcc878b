"""The demo's environment: a sandbox with the framework repository of a fictional lab, and the hosted App."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from reassay.common.errors import UsageError
from reassay.hosted.rules.subject import JobSubject
from reassay.register.register import Register
from reassay.sweep.report import Report
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.hosted import HostedApp, host
from reassay_sandbox.sandbox_repository import SandboxRepository

REPOSITORY: Final = "example-lab/framework"
VISITOR: Final = "safety-lead"
"""The account that browsers are signed in with on the demo's GitHub, so that the App's pages open without a form."""
START: Final = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
CHECK: Final = "reassay/main"
RULES: Final = {
    "rules/branches/main": [
        {
            "type": "required_status_checks",
            "parameters": {
                "required_status_checks": [{"context": CHECK}],
                "strict_required_status_checks_policy": False,
            },
        }
    ]
}
"""The branch rule of GitHub with which a red check blocks a merge."""
RESULTS: Final = "results/"
"""Files of the example that are not in the repository at first: people bring them."""
_BETWEEN: Final = timedelta(minutes=1)
"""Time between two comments."""


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
    folder: Path
    """Folder of the example whose files the repository has."""
    remembered: dict[str, str] = field(default_factory=dict)
    """What a step of a tour did and GitHub does not show: a commit that was overwritten, the output of a command."""

    @property
    def repo(self) -> SandboxRepository:
        """The framework repository."""
        return self.box.repo(REPOSITORY)

    @property
    def repository(self) -> int:
        """Id of the framework repository."""
        return self.repo.id

    def sweep(self) -> Report:
        """Runs one sweep as a job of the App; returns its report."""
        return self.hosted.sweep(self.repository)

    def say(self, who: str, thread: int, text: str) -> Report:
        """Comments on an issue or a pull request as `who`; returns the report of the job that handled the comment."""
        is_pull = any(pull.number == thread for pull in self.repo.pulls())
        subject = JobSubject(self.repository, "pull" if is_pull else "issue", thread)
        before = self.hosted.count(subject)
        self.box.clock.advance(_BETWEEN)
        self.repo.comment_as(who, thread, text)
        return self.hosted.wait_for(subject, before)

    def result(self, name: str) -> bytes:
        """A result file of the example, as the evaluation tool wrote it."""
        return (self.folder / RESULTS / name).read_bytes()


def example_folder(name: str = "tours") -> Path:
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
def start_environment(
    register: Register, folder: Path, port: int = 0, listening: Callable[[Sandbox], None] | None = None
) -> Iterator[DemoEnvironment]:
    """Starts a sandbox with the example and the hosted App. Deletes both at the end of the block.

    `listening` is called as soon as the sandbox answers, some seconds before the App does.
    """
    with ExitStack() as stack:
        box = stack.enter_context(Sandbox.start(now=START, port=port))
        if listening is not None:
            listening(box)
        hosted = stack.enter_context(host(box, DemoClock(box)))
        people = people_of(register)
        for login in people:
            box.add_user(login)
        box.sign_in_everywhere(VISITOR)
        collaborators = dict.fromkeys(people, "write")
        files = {path: data for path, data in files_of(folder).items() if not path.startswith(RESULTS)}
        repo = box.add_repo(REPOSITORY, private=True, files=files, collaborators=collaborators, labels=["incident"])
        repo.set_up(**RULES)
        yield DemoEnvironment(box, hosted, folder)
