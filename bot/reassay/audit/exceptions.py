"""Exceptions of the period: overrides, extensions, waivers, bypasses and the like.

Every kind of ledger entry that is not in `ORDINARY` is an exception, so a new kind is shown without a change here.
An entry in `exception_words.NAMES` gives it a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.audit.audit_input import AuditInput, account
from reassay.audit.exception_status import exception_status, ratified_on, until_of
from reassay.audit.exception_words import description, kind_name
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Body, Decided, Entry
from reassay.ledger.keys import KeyAdded
from reassay.ledger.risks import Contained

ORDINARY: Final = frozenset({
    "opened", "due", "decided", "superseded", "observation", "answered", "signed-off", "withdrawn", "attached",
    "waiting-on", "released", "asserted", "triaged", "missed", "ratified",
    "first-seen", "change-answered", "change-signed", "change-withdrawn", "change-released", "landed",
    "bypass-claimed", "bypass-issue",
})  # fmt: skip
"""Kinds of entry that are routine, or that other tables show."""
WHILE_OPEN: Final = frozenset({"extended", "snoozed"})
"""Kinds that end when their re-assessment does."""


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception."""

    kind: str
    on: date | None
    seq: int | None
    """Seq of the ledger entry; None for an exception of the register or one that follows from several entries."""
    record: str
    subject: str
    cells: tuple[str, ...]
    by: str
    """An account, or a role for an exception of the register."""
    second: str
    """The second person, where the action needs two."""
    until: date | None
    status: str
    """At the end of the period."""
    what: str
    text: str
    """The person's own text."""


def recorded_exceptions(audit: AuditInput) -> Iterator[ExceptionRow]:
    """Exceptions recorded in the period or in force during it, in order of the ledger."""
    for entry in audit.until_end:
        if _is_exception(entry.body) and (audit.period.contains(entry.recorded_at) or _in_force(entry, audit)):
            yield _row(entry, audit)


def _is_exception(body: Body) -> bool:
    if isinstance(body, Decided):
        return body.self_assessed
    if isinstance(body, KeyAdded):
        return body.how != "first"
    return body.kind not in ORDINARY


def _in_force(entry: Entry, audit: AuditInput) -> bool:
    """Whether an exception recorded before the period was in force during it."""
    start, reassessment = audit.period.start, audit.reassessment(entry)
    if isinstance(entry.body, Contained):
        day = ratified_on(entry, audit)
        return day is None or day >= start or entry.body.ratify_by >= start
    closed = audit.period.day(reassessment.closed_at) if reassessment and reassessment.closed_at else None
    if entry.body.kind in WHILE_OPEN and closed is not None and closed < start:
        return False
    until = until_of(entry.body)
    return until is not None and until >= start


def _row(entry: Entry, audit: AuditInput) -> ExceptionRow:
    body, reassessment = entry.body, audit.reassessment(entry)
    asked = getattr(body, "asked", None)
    confirmed = getattr(body, "confirmed_by", None)
    subject = getattr(body, "subject", None) or (reassessment.subject if reassessment else "")
    return ExceptionRow(
        kind=kind_name(body),
        on=audit.day(entry),
        seq=entry.seq,
        record=getattr(body, "reassessment", None) or "",
        subject=audit.history.present(str(subject)),
        cells=tuple(getattr(body, "cells", None) or (reassessment.cells if reassessment else ())),
        by=account(asked.by if isinstance(asked, Asked) else entry.actor),
        second=account(confirmed if isinstance(confirmed, int) else None),
        until=until_of(body),
        status=exception_status(entry, audit),
        what=description(body),
        text=audit.text(getattr(body, "because", None)),
    )
