"""The context of a run over one repository."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reassay.common.clock import Clock
from reassay.github.branch_files import DASHBOARD_BRANCH, BranchFiles
from reassay.github.repository import GitHubRepository
from reassay.ledger.state import Append, LedgerState
from reassay.people.writers import SOMEBODY, RunOrigin
from reassay.signals.page_delivery import NoDelivery, PageDelivery
from reassay.signals.source_readings import HttpReader, NoHttp, ReceivedEvent
from reassay.sweep.product_reading import ProductClients, no_client
from reassay.sweep.repository.contents import RepositoryContents

ReceivedEvents = tuple[tuple[str, ReceivedEvent], ...]
"""Events with the id of their source: webhooks at the App, and the `repository_dispatch` event that started a workflow."""


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
    http: HttpReader = field(default_factory=NoHttp)
    """Reads sources of signals behind HTTP, with the secrets that the operator declares."""
    events: ReceivedEvents = ()
    """Events for sources that arrived since the last run. One is done once the run ended: what is new of it is in the ledger."""
    pages: PageDelivery = field(default_factory=NoDelivery)
    """Sends messages about severe incidents."""
    products: ProductClients = no_client
    """The client that can read a product repository, by its name."""
    products_agree: bool = False
    """Whether a product is read only if it agrees, because the token could read every repository of the account."""
    dispatched: tuple[Mapping[str, object], ...] = ()
    """Payloads of observations that workflows of product repositories sent since the last run."""

    @property
    def pictures(self) -> BranchFiles:
        """The branch of rendered files, which holds nothing that cannot be rendered again."""
        return BranchFiles(self.github.client, self.github.full_name, DASHBOARD_BRANCH)
