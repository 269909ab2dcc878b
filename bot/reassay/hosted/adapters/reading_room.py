"""A look at one repository for a person who asks: with a token that cannot write, and nothing kept."""

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
from reassay.github.repository import GitHubRepository
from reassay.github.tokens import Tokens
from reassay.hosted.services.known import Repository
from reassay.ledger.append import Append
from reassay.ledger.store.keyring import Keyring
from reassay.sweep.repository.contents import RepositoryContents
from reassay.sweep.run_context import RunContext


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """Satisfies `services.hosting.inspect.ReadingRoom`; `tokens` are made with `READS_WITH_TEAMS` and `READS`."""

    tokens: Tokens
    keyring: Keyring
    clock: Clock
    server_url: str

    @contextmanager
    def open(self, repository: Repository) -> Iterator[RunContext]:
        """Raises NotAllowedError, NotFoundError or RejectedError if the installation does not have it."""
        access = self.tokens.for_repository(repository.installation, repository.id)
        with TemporaryDirectory(prefix="reassay-look-", ignore_cleanup_errors=True) as folder:
            url = f"{self.server_url}/{access.full_name}.git"
            git = Git.new(Path(folder)).with_token(url, access.token)
            yield RunContext(
                repository=access.full_name,
                host=urlsplit(self.server_url).netloc,
                github=GitHubRepository(access.client, access.full_name),
                contents=RepositoryContents(git, url, self.keyring),
                ledger=_Closed(),
                clock=self.clock,
                nonce=random_nonce,
                run=random_nonce(),
                repository_id=repository.id,
            )


@dataclass(frozen=True, slots=True)
class _Closed:
    """Satisfies `services.ports.LedgerWriter`."""

    def append(self, append: Append) -> NoReturn:
        """Raises NotAllowedError."""
        raise NotAllowedError(f"a look records nothing, and was to record {len(append.records)} things")
