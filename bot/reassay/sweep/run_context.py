"""The context of a run over one repository."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from reassay.common.clock import Clock
from reassay.github.repository import GitHubRepository
from reassay.ledger.state import Append, LedgerState
from reassay.people.writers import SOMEBODY, RunOrigin
from reassay.sweep.repository.contents import RepositoryContents


class LedgerWriter(Protocol):
    """Appends to the ledger, or refuses to where a run only reads."""

    def append(self, append: Append) -> LedgerState:
        """The ledger afterwards. Raises StaleHeadError if another run appended first."""
        ...


@dataclass(frozen=True, slots=True)
class RunContext:
    """The services and identities of a run over one repository."""

    repository: str
    host: str
    github: GitHubRepository
    contents: RepositoryContents
    ledger: LedgerWriter
    clock: Clock
    nonce: Callable[[], str]
    run: str
    """The id of this run in claims."""
    acting: RunOrigin = SOMEBODY
    """The Action or the App."""
    repository_id: int | None = None
    """GitHub's id of the repository, because names can change; None if not known."""
    anchors: tuple[str, ...] = ()
    """Anchors of the ledger that the hosted App has kept, read before the ledger is."""
