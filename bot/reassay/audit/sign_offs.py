"""Sign-offs of the period, and the time between opening and signing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from reassay.audit.audit_input import AuditInput, account
from reassay.ledger.answers import Answered, SignedOff, Withdrawn
from reassay.ledger.entry import Entry
from reassay.ledger.reassessment import Reassessment

MINUTE = 60


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One sign-off. An answer given in the item's own role counts as signed."""

    record: str
    seq: int
    subject: str
    by: str
    for_account: str
    """The account that lent the role; "" if it was not lent."""
    role: str
    says: str
    """answer, recommend, review or approve."""
    items: tuple[str, ...]
    opened_at: datetime
    """When the re-assessment was recorded as opened, in UTC."""
    signed_at: datetime
    """When the comment was written, or else when the entry was recorded, in UTC."""
    minutes: int
    """Whole minutes from opening to signing."""
    taken_back: str
    """The entry by which the same person withdrew any of it; "" if nothing was withdrawn."""
    note: str


def sign_offs(audit: AuditInput) -> tuple[SignOffRow, ...]:
    """Sign-offs recorded in the period, in order of the ledger."""
    rows = []
    for entry in audit.in_period:
        reassessment = audit.reassessment(entry)
        signed = _signed(entry)
        if reassessment is not None and signed is not None:
            rows.append(_row(entry, signed, reassessment, audit))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Signed:
    role: str
    says: str
    items: tuple[str, ...]
    for_account: int | None
    note: str | None
    names: frozenset[str]
    """Names by which a withdrawal refers to it."""


def _signed(entry: Entry) -> _Signed | None:
    body = entry.body
    if isinstance(body, SignedOff):
        items = tuple(item.item for item in body.items)
        names = frozenset(items) if body.step is None else frozenset({f"step-{body.step}"})
        return _Signed(body.role, body.says, items, body.for_account, body.note, names)
    if isinstance(body, Answered) and body.signed is not None:
        return _Signed(body.role, "answer", (body.item,), body.for_account, body.because, frozenset({body.item}))
    return None


def _row(entry: Entry, signed: _Signed, reassessment: Reassessment, audit: AuditInput) -> SignOffRow:
    at = entry.comment.created_at if entry.comment else entry.recorded_at
    gone = [
        record.seq
        for record, body in reassessment.records_of(Withdrawn)
        if record.seq > entry.seq and record.actor == entry.actor and signed.names & {*body.items}
    ]
    return SignOffRow(
        record=reassessment.id,
        seq=entry.seq,
        subject=reassessment.subject,
        by=account(entry.actor),
        for_account=account(signed.for_account),
        role=signed.role,
        says=signed.says,
        items=signed.items,
        opened_at=reassessment.opened_at.astimezone(UTC),
        signed_at=at.astimezone(UTC),
        minutes=int((at - reassessment.opened_at).total_seconds() // MINUTE),
        taken_back=f"entry {gone[0]}" if gone else "",
        note=audit.text(signed.note),
    )
