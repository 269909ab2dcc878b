"""How long after opening each signature was given."""

from dataclasses import dataclass
from datetime import UTC, datetime

from reassay.audit.facts import Facts, account
from reassay.ledger.answering import Answered, SignedOff, Withdrawn
from reassay.ledger.entry import Entry
from reassay.ledger.reassessment import Reassessment

MINUTE = 60


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One signature: an answer in the item's own role is signed by being given."""

    record: str
    seq: int
    subject: str
    by: str
    for_account: str
    """Who lent the role, if it was lent."""
    role: str
    says: str
    """answer, recommend, review or approve."""
    items: tuple[str, ...]
    opened_at: datetime
    """When the re-assessment was recorded as opened, in UTC."""
    signed_at: datetime
    """When the comment was written, else when it was recorded, in UTC."""
    minutes: int
    """From opening to signing, whole ones."""
    taken_back: str
    """The entry by which the same person took any of it back."""
    note: str


def sign_offs(facts: Facts) -> tuple[SignOffRow, ...]:
    """Those recorded in the period, in order of the ledger."""
    rows = []
    for entry in facts.recorded:
        each = facts.reassessment(entry)
        signed = _signed(entry)
        if each is not None and signed is not None:
            rows.append(_row(entry, signed, each, facts))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Signed:
    role: str
    says: str
    items: tuple[str, ...]
    for_account: int | None
    note: str | None
    names: frozenset[str]
    """What a withdrawal calls it."""


def _signed(entry: Entry) -> _Signed | None:
    body = entry.body
    if isinstance(body, SignedOff):
        items = tuple(one.item for one in body.items)
        names = frozenset(items) if body.step is None else frozenset({f"step-{body.step}"})
        return _Signed(body.role, body.says, items, body.for_account, body.note, names)
    if isinstance(body, Answered) and body.signed is not None:
        return _Signed(body.role, "answer", (body.item,), body.for_account, body.because, frozenset({body.item}))
    return None


def _row(entry: Entry, signed: _Signed, each: Reassessment, facts: Facts) -> SignOffRow:
    at = entry.comment.created_at if entry.comment else entry.recorded_at
    gone = [
        noted.seq
        for noted, body in each.noted(Withdrawn)
        if noted.seq > entry.seq and noted.actor == entry.actor and signed.names & {*body.items}
    ]
    return SignOffRow(
        record=each.id,
        seq=entry.seq,
        subject=each.subject,
        by=account(entry.actor),
        for_account=account(signed.for_account),
        role=signed.role,
        says=signed.says,
        items=signed.items,
        opened_at=each.opened_at.astimezone(UTC),
        signed_at=at.astimezone(UTC),
        minutes=int((at - each.opened_at).total_seconds() // MINUTE),
        taken_back=f"entry {gone[0]}" if gone else "",
        note=facts.text(signed.note),
    )
