"""What one job is given: a token for exactly its repository, the copy of it on disk, and a share of the common budget."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from reassay.common.clock import Clock, random_nonce
from reassay.common.errors import SpentError
from reassay.github.ledger import GitHubLedger
from reassay.github.repository import GitHubRepository
from reassay.github.tokens import Tokens
from reassay.hosted.adapters.copies import Copies
from reassay.hosted.adapters.limits import Limits
from reassay.hosted.rules.budget import Cost
from reassay.hosted.services.known import Repository
from reassay.hosted.services.reconcile import Work
from reassay.ledger.store.keyring import Keyring
from reassay.people.writers import RunOrigin
from reassay.register.files.shelf import Shelf
from reassay.sweep.actions import CREATING, Action, Publish
from reassay.sweep.ports import Ports
from reassay.sweep.repository.contents import RepositoryContents

PATIENCE_SECONDS = 5.0
"""What is longer than this is waited for by the job, and not by a thread."""


@dataclass(slots=True)
class SharedAllowance:
    """Satisfies `services.apply.Allowance` from what all workers have together."""

    limits: Limits
    installation: int
    clock: Clock
    patience: float = PATIENCE_SECONDS

    def spend(self, action: Action) -> None:
        """Raises SpentError when the installation has created as much as GitHub allows."""
        if isinstance(action, CREATING):
            cost = Cost(creations=1, urgent=isinstance(action, Publish))
            book(self.limits, self.installation, cost, self.clock)


def book(limits: Limits, installation: int, cost: Cost, clock: Clock) -> None:
    """Raises SpentError, with the time until there is room, if it may not be done now."""
    wait = limits.spend(installation, cost, clock.now())
    if wait:
        raise SpentError("this installation has done as much as it may in this while", retry_after=wait)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Satisfies `services.hosting.reconcile.Workshop`."""

    tokens: Tokens
    copies: Copies
    limits: Limits
    keyring: Keyring
    clock: Clock
    server_url: str
    app_id: int
    shelf: Shelf | None = None

    @contextmanager
    def open(self, repository: Repository) -> Iterator[Work]:
        """Raises NotAllowedError, NotFoundError or RejectedError if the installation does not have it."""
        access = self.tokens.for_repository(repository.installation, repository.id)
        # GitHub says what the repository of that id is called: a name may be another's by now.
        url = f"{self.server_url}/{access.full_name}.git"
        git = self.copies.of(repository.id).with_token(url, access.token)
        ports = Ports(
            repository=access.full_name,
            host=urlsplit(self.server_url).netloc,
            github=GitHubRepository(access.client, access.full_name, button=True),
            contents=RepositoryContents(git, url, self.keyring, self.shelf),
            ledger=GitHubLedger(access.client, access.full_name, self.keyring),
            clock=self.clock,
            nonce=random_nonce,
            run=random_nonce(),
            acting=RunOrigin("app", self.app_id),
            repository_id=repository.id,
        )
        yield Work(ports, SharedAllowance(self.limits, repository.installation, self.clock))

    def forget(self, repository: Repository) -> None:
        """Token and copy: the next run begins anew."""
        self.tokens.forget(repository.installation, repository.id)
        self.copies.forget(repository.id)
