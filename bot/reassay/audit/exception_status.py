"""The status of an exception at the end of the period, as far as the ledger covers it: active, expired, ratified, ..."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from reassay.audit.audit_input import AuditInput
from reassay.ledger.deferrals import Held, Released
from reassay.ledger.entry import Body, Entry
from reassay.ledger.protection import loosened
from reassay.ledger.pull_requests import ChangeHeld, ChangeReleased
from reassay.ledger.risks import Contained, Ratified
from reassay.ledger.sweep_records import (
    Bypass,
    BypassClaimed,
    ProtectionChanged,
    ReadableAgain,
    RoleChanged,
    UnreadableClaimed,
)


def exception_status(entry: Entry, audit: AuditInput) -> str:
    """The status of an exception at the end of the period; "" if it has none."""
    status_rule = STATUS_RULES.get(entry.body.kind)
    return status_rule(entry, audit) if status_rule else _dated(entry, audit)


def until_of(body: Body) -> date | None:
    """The last day of validity; None if the entry states none."""
    until = getattr(body, "until", None)
    return until if isinstance(until, date) and not isinstance(until, datetime) else None


def _dated(entry: Entry, audit: AuditInput) -> str:
    until = until_of(entry.body)
    return "" if until is None else "active" if until >= audit.covered_until else "expired"


def _while_open(entry: Entry, audit: AuditInput) -> str:
    reassessment = audit.reassessment(entry)
    return (
        _dated(entry, audit)
        if reassessment is not None and reassessment.state == "open"
        else "ended with its re-assessment"
    )


def ratified_on(entry: Entry, audit: AuditInput) -> date | None:
    """The date on which a containment was ratified; None if it was not ratified by the end of the period."""
    reassessment = audit.reassessment(entry)
    ratifications = reassessment.records_of(Ratified) if reassessment else ()
    return next(
        (audit.period.day(record.at) for record, body in ratifications if body.contained_seq == entry.seq), None
    )


def _ratified(entry: Entry, audit: AuditInput) -> str:
    if not isinstance(entry.body, Contained):
        return ""
    day, by = ratified_on(entry, audit), entry.body.ratify_by
    if day is not None:
        return "ratified" if day <= by else f"ratified late, on {day}"
    return "not ratified" if audit.covered_until > by else "not ratified yet"


def lifted_on(entry: Entry, audit: AuditInput) -> date | None:
    """The date on which a hold was lifted; None if it was not by the end of the period."""
    body = entry.body
    for later in audit.until_end:
        match later.body:
            case Released() as release if isinstance(body, Held) and later.seq > entry.seq:
                if (release.reassessment, release.role) == (body.reassessment, body.role):
                    return audit.day(later)
            case ChangeReleased(held_seq=seq) if seq == entry.seq:
                return audit.day(later)
    return None


def _held(entry: Entry, audit: AuditInput) -> str:
    day, reassessment = lifted_on(entry, audit), audit.reassessment(entry)
    if day is not None:
        return f"lifted on {day}"
    is_open = isinstance(entry.body, ChangeHeld) or (reassessment is not None and reassessment.state == "open")
    return "not lifted" if is_open else "ended with its re-assessment"


def readable_on(entry: Entry, audit: AuditInput) -> date | None:
    """The date on which everything could be read again; None if that was not recorded by the end of the period."""
    ended = (
        audit.day(later)
        for later in audit.until_end
        if isinstance(later.body, ReadableAgain)
        and isinstance(entry.body, UnreadableClaimed)
        and later.body.nonce == entry.body.nonce
    )
    return next(ended, None)


def _unreadable(entry: Entry, audit: AuditInput) -> str:
    day = readable_on(entry, audit)
    return f"readable again on {day}" if day is not None else "not readable again"


def _protection(entry: Entry, _: AuditInput) -> str:
    body = entry.body
    return "loosened" if isinstance(body, ProtectionChanged) and loosened(body.before, body.after) else "changed"


def _bypass(entry: Entry, audit: AuditInput) -> str:
    """Whether the subjects that a bypass changed were re-assessed afterwards."""
    body = entry.body
    if not isinstance(body, Bypass):
        return ""
    claims = ((record, claim) for record, claim in audit.history.records_of(BypassClaimed) if record.seq > entry.seq)
    match = next(((record, claim) for record, claim in claims if body.commit in claim.commits), None)
    if match is None:
        return ""
    record, claim = match
    decided = {
        reassessment.subject
        for reassessment in audit.history.reassessments.values()
        if (reassessment.decided_seq or 0) > record.seq and reassessment.counts
    }
    left = [name for name in claim.subjects if audit.history.present(name) not in decided]
    return (
        f"to be re-assessed by {claim.review_by}: {', '.join(left)}"
        if left
        else "re-assessed"
        if claim.subjects
        else "in an issue"
    )


def _role(entry: Entry, audit: AuditInput) -> str:
    body = entry.body
    before = any(
        isinstance(earlier.body, RoleChanged) and isinstance(body, RoleChanged) and earlier.body.role == body.role
        for earlier in audit.until_end
        if earlier.seq < entry.seq
    )
    return "changed" if before else "first recorded"


def _policy(entry: Entry, _: AuditInput) -> str:
    return "first recorded" if getattr(entry.body, "before", None) is None else "changed"


STATUS_RULES: Final[Mapping[str, Callable[[Entry, AuditInput], str]]] = {
    "extended": _while_open,
    "snoozed": _while_open,
    "contained": _ratified,
    "bypass": _bypass,
    "role-changed": _role,
    "policy-changed": _policy,
    "protection-changed": _protection,
    "unreadable-claimed": _unreadable,
    "held": _held,
    "change-held": _held,
}
