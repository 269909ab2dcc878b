"""Exceptions that no single ledger entry records.

Risk acceptances of the register, imported assessments, entries without a trusted signature, and an outage at the end.
"""

from collections.abc import Iterator

from reassay.audit.audit_input import AuditInput
from reassay.audit.exceptions import ExceptionRow
from reassay.register.acceptance import RiskAcceptance
from reassay.sweep.audit_events import OUTAGE

SPANS = {
    "unsigned": "carry no signature",
    "untrusted": "signed by a key that no trusted key vouches for",
    "unknown": "signed by a revoked key, or by a key that a revoked key added",
}


def derived_exceptions(audit: AuditInput) -> Iterator[ExceptionRow]:
    """Risk acceptances, imported anchors, spans of entries, and an outage at the end, in this order."""
    yield from _acceptances(audit)
    yield from _imported(audit)
    yield from _spans(audit)
    yield from _outage(audit)


def _acceptances(audit: AuditInput) -> Iterator[ExceptionRow]:
    """Risk acceptances of both registers, the later version preferred, without those that ended before the period."""
    both = {**audit.opening.register.risk_acceptances, **audit.closing.register.risk_acceptances}
    for name, entry in sorted(both.items()):
        acceptance = entry.value
        is_begun = acceptance.accepted_on is None or acceptance.accepted_on <= audit.period.end
        if acceptance.expires_at >= audit.period.start and is_begun:
            yield _acceptance(acceptance, audit, is_gone=name not in audit.closing.register.risk_acceptances)


def _acceptance(acceptance: RiskAcceptance, audit: AuditInput, *, is_gone: bool) -> ExceptionRow:
    dated = "active" if acceptance.expires_at >= audit.covered_until else "expired"
    return ExceptionRow(
        kind="risk acceptance (register)",
        on=acceptance.accepted_on,
        seq=None,
        record="",
        subject=", ".join(acceptance.mitigations),
        cells=acceptance.deployments,
        by=acceptance.requester,
        second=acceptance.approver,
        until=acceptance.expires_at,
        status="no longer in the register" if is_gone else dated,
        what=f"{acceptance.id}: stated in the register by role; the ledger has no entry for it",
        text=acceptance.rationale,
    )


def _imported(audit: AuditInput) -> Iterator[ExceptionRow]:
    for status in sorted(audit.closing_cells, key=lambda cell: (cell.subject, cell.cell)):
        if status.last is not None and status.last.provenance == "imported":
            yield _plain(
                "imported anchor",
                "the next due date counts from an imported date that nobody verified",
                subject=status.subject,
                cells=(status.cell,),
                on=status.last.on,
                status=str(status.state),
            )


def _spans(audit: AuditInput) -> Iterator[ExceptionRow]:
    """Entries of the period without a trusted signature, one row for each span."""
    seqs = [entry.seq for entry in audit.in_period]
    if not seqs:
        return
    for span in audit.trust.spans:
        first, last = max(span.first, seqs[0]), min(span.last, seqs[-1])
        if span.standing in SPANS and first <= last:
            cover = f"; entry {span.covered_by} confirms them as they were then" if span.covered_by else ""
            what = f"entries {first} to {last} {SPANS[span.standing]}{cover}"
            entry = audit.entries[first - 1]
            yield _plain(f"{span.standing} entries", what, on=audit.day(entry), seq=first)


def _outage(audit: AuditInput) -> Iterator[ExceptionRow]:
    """An outage that lasts at the end of the period, and the days after the ledger's last entry.

    The ledger records an outage only when it is over. Where nothing was written after it, it may be none: the period may not be
    over.
    """
    last, end = audit.history.last_sweep, min(audit.period.closing, audit.last_entry_at)
    if last is not None and end - last > OUTAGE:
        what = "no sweep ran from then until the ledger's last entry in the period"
        yield _plain("outage", what, on=audit.period.day(last), status="lasts at the end")
    if not audit.is_covered:
        what = "nothing was recorded from the day after this until the end of the period: what happened then is unknown"
        yield _plain("not covered", what, on=max(audit.covered_until, audit.period.start), status="lasts at the end")


def _plain(kind: str, what: str, **more: object) -> ExceptionRow:
    values: dict[str, object] = {
        "on": None, "seq": None, "record": "", "subject": "", "cells": (), "by": "", "second": "", "until": None,
        "status": "", "text": "",
    }  # fmt: skip
    return ExceptionRow(kind=kind, what=what, **(values | more))  # type: ignore[arg-type] # fields of the row
