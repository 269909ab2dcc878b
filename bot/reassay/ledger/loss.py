"""Loss of ledger entries, as anchors show it that the bot itself has published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reassay.common.errors import ReassayError
from reassay.ledger.state import Anchor, LedgerState

BRANCH = "reassay-ledger"
REMEDY = (
    "Nothing was recorded. Push the branch back as it was, from a clone that has the entry"
    " (`reassay ledger verify --anchor` shows which one): docs/how-to/restore-the-ledger.md."
)


@dataclass(frozen=True, slots=True)
class PublishedAnchor:
    """An anchor in a check run, comment or issue of the bot, or in the database of the hosted App."""

    anchor: Anchor
    place: str
    """Where it was published, such as "a comment on #5"."""
    at: datetime | None = None
    """When it was published; None if not known."""


class LedgerLossError(ReassayError):
    """The ledger lacks an entry that the bot has published, so nothing is recorded."""

    exit_code = 3

    def __init__(self, message: str, evidence: PublishedAnchor) -> None:
        super().__init__(f"{message}.", where=BRANCH, remedy=REMEDY)
        self.evidence = evidence


def ledger_loss(state: LedgerState, published: Iterable[PublishedAnchor]) -> LedgerLossError | None:
    """The loss that published anchors show; None if the ledger has each of their entries, with the same digest."""
    lost = [own for own in published if not own.anchor.names(state.digest_of(own.anchor.seq) or "")]
    if not lost:
        return None
    evidence = max(lost, key=lambda own: (own.anchor.seq, own.anchor.start, own.at is not None, own.place))
    seq, last = evidence.anchor.seq, len(state.entries)
    proof = f"entry {seq} was published in {evidence.place}"
    if not last:
        what = f"the ledger is gone: the branch {BRANCH} does not exist, but {proof}"
    elif seq > last:
        what = f"the ledger is shorter than what this bot has published: it ends at entry {last}, but {proof}"
    else:
        what = f"the ledger is not the one that this bot has published: another {proof}"
    return LedgerLossError(what, evidence)
