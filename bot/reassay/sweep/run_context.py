"""The context of a run: everything that one run over one repository is given."""

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
    """Everything one repository's run is given."""

    repository: str
    host: str
    github: GitHubRepository
    contents: RepositoryContents
    ledger: LedgerWriter
    clock: Clock
    nonce: Callable[[], str]
    run: str
    """Identifies this run in claims."""
    acting: RunOrigin = SOMEBODY
    """Whether the Action or the App runs this."""
    repository_id: int | None = None
    """GitHub's id of the repository that is meant, where it is known: names change hands."""
