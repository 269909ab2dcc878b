"""Sign-offs of the period, on re-assessments and on pull requests, and the time between opening and signing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from reassay.audit.audit_input import AuditInput
from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.entry import Entry, reassessment_of
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned

MINUTE = 60


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One sign-off. An answer given in the item's own role counts as signed."""

    record: str
    """Id of the re-assessment; "" for a pull request."""
    pull: int | None
    """Number of the pull request; None for a re-assessment."""
    seq: int
    subject: str
    by: str
    for_account: str
    """The account that lent the role; "" if it was not lent."""
    role: str
    says: str
    """answer, recommend, review or approve."""
    items: tuple[str, ...]
    opened_at: datetime | None
    """When the re-assessment was recorded as opened, in UTC; None for a pull request."""
    signed_at: datetime
    """When the comment was written, or else when the entry was recorded, in UTC."""
    minutes: int | None
    """Whole minutes from opening to signing; None for a pull request."""
    taken_back: str
    """The entry by which the same person withdrew any of it; "" if nothing was withdrawn."""
    note: str


def sign_offs(audit: AuditInput) -> tuple[SignOffRow, ...]:
    """Sign-offs recorded in the period, on re-assessments and on pull requests, in order of the ledger."""
    rows = []
    for entry in audit.in_period:
        given = signature_of(entry)
        if given is not None:
            rows.append(_row(entry, given, audit))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class RecordedSignature:
    """What an entry signs, whatever it is about."""

    role: str
    says: str
    items: tuple[str, ...]
    for_account: int | None
    note: str | None
    names: frozenset[str]
    """Names by which a withdrawal refers to it."""


def signature_of(entry: Entry) -> RecordedSignature | None:
    """The signature that an entry records; None if it records none."""
    match entry.body:
        case SignedOff() as body:
            items = tuple(item.item for item in body.items)
            names = frozenset(items) if body.step is None else frozenset({f"step-{body.step}"})
            return RecordedSignature(body.role, body.says, items, body.for_account, body.note, names)
        case ChangeSigned() as body:
            items = tuple(item.item for item in body.items)
            return RecordedSignature(body.role, body.says, items, body.for_account, body.note, frozenset(items))
        case (Answered() | ChangeAnswered()) as body if body.signed is not None:
            items = (body.item,)
            return RecordedSignature(body.role, "answer", items, body.for_account, body.because, frozenset(items))
        case _:
            return None


def taken_back_by(entry: Entry, given: RecordedSignature, audit: AuditInput) -> int | None:
    """Seq of the first entry by which the same person withdrew any of a signature until the period's end; None without one."""
    about = entry.about
    for later in audit.withdrawals:
        items = getattr(later.body, "items", ())
        if (later.seq > entry.seq and later.actor == entry.actor and later.about == about) and given.names & {*items}:
            return later.seq
    return None


def signed_at(entry: Entry) -> datetime:
    """When somebody wrote the comment behind an entry, or else when it was recorded, in UTC."""
    return (entry.comment.created_at if entry.comment else entry.recorded_at).astimezone(UTC)


def _row(entry: Entry, given: RecordedSignature, audit: AuditInput) -> SignOffRow:
    at, reassessment = signed_at(entry), audit.reassessment(entry)
    gone = taken_back_by(entry, given, audit)
    opened = reassessment.opened_at.astimezone(UTC) if reassessment else None
    return SignOffRow(
        record=reassessment_of(entry.body) or "",
        pull=getattr(entry.body, "pull", None),
        seq=entry.seq,
        subject=reassessment.subject if reassessment else "",
        by=audit.person(entry.actor),
        for_account=audit.person(given.for_account),
        role=given.role,
        says=given.says,
        items=given.items,
        opened_at=opened,
        signed_at=at,
        minutes=int((at - opened).total_seconds() // MINUTE) if opened else None,
        taken_back=f"entry {gone}" if gone else "",
        note=audit.text(given.note),
    )
