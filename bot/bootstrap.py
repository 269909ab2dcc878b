"""The one wiring file: adapters into services. Heavy imports happen only when a command needs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.adapters.clock import SystemClock, random_nonce
from bot.adapters.contents import RemoteContents
from bot.adapters.git import LEDGER_BRANCH, Git
from bot.adapters.ledger.branch import read_objects, read_state
from bot.adapters.ledger.guard import GuardedContents
from bot.adapters.ledger.keyring import Keyring, read_keyring
from bot.adapters.register_files import WorkingTree, read_register
from bot.domain.calendar import end_of_day, zone
from bot.domain.cells import Situation
from bot.domain.first_seen import digests_of
from bot.domain.ledger.history import History
from bot.domain.ledger.state import LedgerState
from bot.domain.register.register import Register
from bot.errors import UpstreamError, UsageError
from bot.services.apply import Budget, Progress
from bot.services.gather import snapshots
from bot.services.ports import Clock, Ports
from bot.services.sweep import Options, Report, sweep
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.services.doctor import Diagnosis


@contextmanager
def remote_ports(repository: str, settings: Settings, clock: Clock | None = None) -> Iterator[Ports]:
    """Everything a run on GitHub needs; what git fetches is gone afterwards."""
    from bot.adapters.github.client import Client
    from bot.adapters.github.ledger import GitHubLedger
    from bot.adapters.github.repository import GitHubRepository

    keyring = keyring_of(settings)
    settings = with_token(repository, settings)
    with TemporaryDirectory(prefix="reassay-", ignore_cleanup_errors=True) as folder:
        url = f"{settings.server_url}/{repository}.git"
        git = Git.new(Path(folder)).with_token(url, settings.token)
        client = Client.connect(settings.token, settings.api_url, write_pause=settings.write_pause)
        try:
            yield Ports(
                repository=repository,
                host=settings.host,
                github=GitHubRepository(client, repository),
                contents=GuardedContents(RemoteContents(git, url), keyring),
                ledger=GitHubLedger(client, repository, keyring),
                clock=clock or SystemClock(),
                nonce=random_nonce,
                run=settings.run or random_nonce(),
            )
        finally:
            client.close()


def with_token(repository: str, settings: Settings) -> Settings:
    """The same settings; where an App acts, with a fresh token for this repository. Raises UsageError, UpstreamError."""
    if settings.app is None or settings.token:
        return settings
    from bot.adapters.github.app_token import installation_token

    token = installation_token(settings.app.id, settings.app.key, repository, settings.api_url)
    return replace(settings, token=token)


def keyring_of(settings: Settings) -> Keyring:
    """The ledger's keys as the settings name them. Raises UsageError, which shows nothing of a key."""
    keys = settings.ledger_keys
    return read_keyring(
        (keys.key, keys.previous_key), (keys.key_file, keys.previous_key_file), keys.lost_key, keys.revoke
    )


def run_sweep(repository: str, settings: Settings, options: Options, budget: Budget, progress: Progress) -> Report:
    """One sweep of one repository on GitHub."""
    with remote_ports(repository, settings) as ports:
        return sweep(ports, options, budget, progress)


def run_doctor(repository: str, settings: Settings, clock: Clock | None = None) -> "Diagnosis":
    """What lets somebody around, in one repository on GitHub."""
    from bot.adapters.github.client import Client
    from bot.adapters.github.installation import Installation
    from bot.services.doctor import diagnose

    settings = with_token(repository, settings)
    client = Client.connect(settings.token, settings.api_url, write_pause=settings.write_pause)
    try:
        with remote_ports(repository, settings, clock) as ports:
            return diagnose(ports, Installation(client, repository))
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class Checkout:
    """A framework repository on disk, as a person works on it."""

    register: Register
    ledger: LedgerState
    situation: Situation
    commit: str | None
    """HEAD; None outside git."""
    is_clean: bool

    def provenance(self, version: str) -> dict[str, str]:
        """What output was made from, so that it can be made again."""
        commit = (self.commit[:12] if self.commit else "not in git") + (
            "" if self.is_clean else " with uncommitted changes"
        )
        return {"register": commit, "ledger": self.ledger.anchor, "version": version}


def open_checkout(path: Path, at: str | None) -> Checkout:
    """Reads register and ledger of a checkout. Raises UsageError, BrokenLedgerError."""
    if not path.is_dir():
        raise UsageError(
            "there is no such folder.", where=str(path), remedy="Name a checkout of a framework repository."
        )
    register = read_register(WorkingTree(path))
    git = Git(path)
    head = _head(git)
    ledger_head = git.resolve(f"refs/remotes/origin/{LEDGER_BRANCH}", f"refs/heads/{LEDGER_BRANCH}") if head else None
    ledger = read_state(git, ledger_head)
    now = instant_or_now(at, register.configuration.timezone)
    history = History.of(ledger.entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | digests_of(history)
    objects = read_objects(git, ledger_head, wanted)
    is_clean = git.is_clean(".") if head else True
    return Checkout(register, ledger, Situation(register, history, snapshots(objects), now), head, is_clean)


def situation_of(git: Git, register: Register, at: str | None) -> Situation:
    """A register that was read from a commit, with the ledger of the same clone. Raises UsageError, BrokenLedgerError."""
    ledger_head = git.resolve(f"refs/remotes/origin/{LEDGER_BRANCH}", f"refs/heads/{LEDGER_BRANCH}")
    now = instant_or_now(at, register.configuration.timezone)
    history = History.of(read_state(git, ledger_head).entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | digests_of(history)
    return Situation(register, history, snapshots(read_objects(git, ledger_head, wanted)), now)


def _head(git: Git) -> str | None:
    """None outside of git and before the first commit. Anything else that git refuses must not read as "no ledger"."""
    try:
        git.run("rev-parse", "--git-dir")
    except UpstreamError as error:
        if "not a git repository" in error.message:
            return None
        raise
    return git.resolve("HEAD")


def instant_or_now(at: str | None, timezone: str) -> datetime:
    """What `--at` says, or the machine's clock. Raises UsageError."""
    return read_instant(at, timezone) if at else SystemClock().now()


def read_instant(text: str, timezone: str) -> datetime:
    """`--at`: a date alone is the end of that day in the configured zone. Raises UsageError."""
    try:
        if len(text) == len("2026-12-01"):
            return end_of_day(datetime.fromisoformat(text).date(), timezone)
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        message = f"'{text}' is no date."
        raise UsageError(message, where="--at", remedy="Write 2026-12-01 or 2026-12-01T09:00.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=zone(timezone))


def read_day(text: str, where: str) -> date:
    """A calendar date. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is no date.", where=where, remedy="Write for example 2027-06-30.") from error
