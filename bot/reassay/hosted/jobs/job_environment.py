"""The environment of one job: a token for exactly its repository, its git mirror, and the shared rate limits."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reassay.common.clock import Clock, random_nonce
from reassay.common.errors import SpentError, UpstreamError
from reassay.git.git import Git
from reassay.github.app_types import HostedRepository
from reassay.github.ledger import GitHubLedger
from reassay.github.repository import GitHubRepository
from reassay.github.tokens import Tokens
from reassay.hosted.rate_limits import Cost, RateLimits
from reassay.ledger.store.keyring import Keyring
from reassay.people.writers import RunOrigin
from reassay.register.files import ParsedFiles
from reassay.signals.fetching.fetch_settings import FetchSettings
from reassay.signals.fetching.lazy_reader import LazyHttpReader
from reassay.signals.fetching.page_sender import PageSender
from reassay.sweep.actions import CREATING, Action, Publish
from reassay.sweep.repository.contents import RepositoryContents
from reassay.sweep.run_context import RunContext

MOST_PACKS = 100
"""Each fetch adds a pack, and old objects are never referenced: a mirror with more packs is created again."""


@dataclass(frozen=True, slots=True)
class GitMirrors:
    """Mirrors in one folder that only its owner may read."""

    folder: Path

    def of(self, repository: int) -> Git:
        """The mirror of one repository; it is empty if it is new. Raises UpstreamError if it cannot be created."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(repository)
        if path.exists() and sum(1 for _ in path.glob("objects/pack/*.pack")) > MOST_PACKS:
            self.forget(repository)
        try:
            git = Git.new(path)
            git.run("rev-parse", "--git-dir")
        except UpstreamError:
            self.forget(repository)
            git = Git.new(path)
        if self._is_new(path):
            # Nothing in a mirror is referenced, so garbage collection would only take time.
            git.run("config", "gc.auto", "0")
            git.run("config", "maintenance.auto", "false")
        return git

    @staticmethod
    def _is_new(path: Path) -> bool:
        return not any(path.glob("objects/pack/*.pack"))

    def forget(self, repository: int) -> None:
        """Deletes the mirror of one repository."""
        shutil.rmtree(self._path(repository), ignore_errors=True)

    def ids(self) -> tuple[int, ...]:
        """Ids of the repositories that have a mirror."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(int(path.stem) for path in self.folder.glob("*.git") if path.stem.isdigit()))

    def _path(self, repository: int) -> Path:
        return self.folder / f"{int(repository)}.git"


PATIENCE_SECONDS = 5.0
"""A longer wait is left to a retry of the job, so that it does not occupy a thread."""


@dataclass(slots=True)
class SharedAllowance:
    """An `Allowance` backed by the rate limits that all processes share."""

    limits: RateLimits
    installation: int
    clock: Clock
    holds: Callable[[], bool]
    """Whether the run still has its job. Raises DatabaseError."""
    patience: float = PATIENCE_SECONDS

    def spend(self, action: Action) -> None:
        """Raises SpentError if the installation has created as much content as GitHub allows, or the job was taken over.

        A worker that was suspended would do again what another one has done meanwhile.
        """
        if not self.holds():
            raise SpentError("another worker has taken this job over", retry_after=1.0)
        if isinstance(action, CREATING):
            cost = Cost(creations=1, urgent=isinstance(action, Publish))
            book(self.limits, self.installation, cost, self.clock)


def book(limits: RateLimits, installation: int, cost: Cost, clock: Clock) -> None:
    """Books a request. Raises SpentError, with the seconds to wait, if it is not allowed now."""
    wait = limits.spend(installation, cost, clock.now())
    if wait:
        raise SpentError("this installation has reached GitHub's rate limit", retry_after=wait)


@dataclass(frozen=True, slots=True)
class JobEnvironment:
    """Access of one job to one repository, and to nothing else."""

    ports: RunContext
    allowance: SharedAllowance


@dataclass(frozen=True, slots=True)
class JobEnvironments:
    """Opens environments."""

    tokens: Tokens
    mirrors: GitMirrors
    limits: RateLimits
    keyring: Keyring
    clock: Clock
    server_url: str
    app_id: int
    parsed: ParsedFiles
    sources: FetchSettings

    @contextmanager
    def open(self, repository: HostedRepository, holds: Callable[[], bool]) -> Iterator[JobEnvironment]:
        """The environment of a run; `holds` tells before each write whether the run still has its job.

        Raises NotAllowedError, NotFoundError or RejectedError if the installation has no access to the repository.
        """
        access = self.tokens.for_repository(repository.installation, repository.id)
        # The name comes with the token, by id: the stored name may belong to another repository by now.
        url = f"{self.server_url}/{access.full_name}.git"
        git = self.mirrors.of(repository.id).with_token(url, access.token)
        http = LazyHttpReader(self.sources, access.full_name, self.clock)
        ports = RunContext(
            repository=access.full_name,
            host=urlsplit(self.server_url).netloc,
            github=GitHubRepository(access.client, access.full_name, button=True, app=self.app_id),
            contents=RepositoryContents(git, url, self.keyring, self.parsed),
            ledger=GitHubLedger(access.client, access.full_name, self.keyring),
            clock=self.clock,
            nonce=random_nonce,
            run=random_nonce(),
            acting=RunOrigin("app", self.app_id),
            repository_id=repository.id,
            http=http,
            pages=PageSender(self.sources, access.full_name, self.clock),
            # A token of the same installation, so no other account's repository; and it can only read.
            products=lambda _repository: self.tokens.for_looks(repository.installation).client,
            products_agree=True,
        )
        try:
            yield JobEnvironment(ports, SharedAllowance(self.limits, repository.installation, self.clock, holds))
        finally:
            http.close()

    def forget(self, repository: HostedRepository) -> None:
        """Discards token and mirror, so that the next job gets new ones."""
        self.tokens.forget(repository.installation, repository.id)
        self.mirrors.forget(repository.id)
