"""Read-only access to one repository, for a person's question: the token cannot write, and nothing is kept on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn
from urllib.parse import urlsplit

from reassay.common.clock import Clock, random_nonce
from reassay.common.errors import NotAllowedError
from reassay.git.git import Git
from reassay.github.app_types import HostedRepository
from reassay.github.repository import GitHubRepository
from reassay.github.tokens import Tokens
from reassay.ledger.state import Append
from reassay.ledger.store.keyring import Keyring
from reassay.sweep.repository.contents import RepositoryContents
from reassay.sweep.run_context import RunContext


@dataclass(frozen=True, slots=True)
class ReadOnlyAccess:
    """Opens repositories; `tokens` are made with the permissions `READS_WITH_TEAMS` and `READS`."""

    tokens: Tokens
    keyring: Keyring
    clock: Clock
    server_url: str

    @contextmanager
    def open(self, repository: HostedRepository) -> Iterator[RunContext]:
        """Raises NotAllowedError, NotFoundError or RejectedError if the installation has no access to the repository."""
        access = self.tokens.for_repository(repository.installation, repository.id)
        with TemporaryDirectory(prefix="reassay-look-", ignore_cleanup_errors=True) as folder:
            url = f"{self.server_url}/{access.full_name}.git"
            git = Git.new(Path(folder)).with_token(url, access.token)
            yield RunContext(
                repository=access.full_name,
                host=urlsplit(self.server_url).netloc,
                github=GitHubRepository(access.client, access.full_name),
                contents=RepositoryContents(git, url, self.keyring),
                ledger=_NoLedger(),
                clock=self.clock,
                nonce=random_nonce,
                run=random_nonce(),
                repository_id=repository.id,
            )


@dataclass(frozen=True, slots=True)
class _NoLedger:
    """A `LedgerWriter` that refuses to write."""

    def append(self, append: Append) -> NoReturn:
        """Raises NotAllowedError."""
        raise NotAllowedError(f"read-only access cannot write {len(append.records)} ledger entries")
