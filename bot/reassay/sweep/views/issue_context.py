"""Values that the text of every issue needs besides the situation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reassay.assessment.cell_status import cells_by_subject
from reassay.assessment.cells import CellStatus
from reassay.github.section import ledger_marker
from reassay.ledger.state import LedgerState
from reassay.sweep.overrides import Overrides


@dataclass(frozen=True)
class IssueContext:
    """Values that the text of every issue needs besides the situation."""

    cells: tuple[CellStatus, ...]
    objects: Mapping[str, object]
    """Parsed ledger objects by digest."""
    overrides: Overrides
    repository_url: str
    viewer: str = ""
    """The account that the bot acts as."""
    acting_app: int | None = None
    """Id of the App behind that account, where it is known."""
    anchor: str = "0"
    """`seq:digest` of the ledger's head, for people to keep elsewhere."""
    ledger: LedgerState = field(default_factory=LedgerState)
    repository: int = 0
    """GitHub's id of the repository."""

    pictures: Mapping[str, str] = field(default_factory=dict)
    """Paths of the pictures that are on their branch, by re-assessment."""

    @cached_property
    def cells_by_subject(self) -> Mapping[str, tuple[CellStatus, ...]]:
        """The cells of each subject, in their order."""
        return cells_by_subject(self.cells)

    def marker_of(self, seq: int) -> str:
        """The marker of an entry's anchor in the issue's body, which stays the same as long as the entry does."""
        return ledger_marker(self.repository, self.ledger.anchor_of(seq))
