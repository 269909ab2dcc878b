"""Exceptions that no single entry records: acceptances of the register, imported anchors, unsigned entries, silence."""

from collections.abc import Iterator

from reassay.audit.exceptions import ExceptionRow
from reassay.audit.facts import Facts
from reassay.register.acceptance import RiskAcceptance
from reassay.sweep.audit_events import OUTAGE

SPANS = {
    "unsigned": "carry no signature",
    "untrusted": "signed by a key behind which none stands that the reader trusts",
    "unknown": "signed by a key that was revoked, or rests on one that was",
}


def from_facts(facts: Facts) -> Iterator[ExceptionRow]:
    """In this order: acceptances of the register, imported anchors, spans of entries, silence at the end."""
    yield from _acceptances(facts)
    yield from _imported(facts)
    yield from _spans(facts)
    yield from _silence(facts)


def _acceptances(facts: Facts) -> Iterator[ExceptionRow]:
    """As either register has them, the later one first; those that ended before the period are left out."""
    both = {**facts.opening.register.risk_acceptances, **facts.closing.register.risk_acceptances}
    for name, entry in sorted(both.items()):
        one = entry.value
        is_begun = one.accepted_on is None or one.accepted_on <= facts.period.end
        if one.expires_at >= facts.period.start and is_begun:
            yield _acceptance(one, facts, is_gone=name not in facts.closing.register.risk_acceptances)


def _acceptance(one: RiskAcceptance, facts: Facts, *, is_gone: bool) -> ExceptionRow:
    dated = "active" if one.expires_at >= facts.period.end else "expired"
    return ExceptionRow(
        kind="risk acceptance (register)",
        on=one.accepted_on,
        seq=None,
        record="",
        subject=", ".join(one.mitigations),
        cells=one.deployments,
        by=one.requester,
        second=one.approver,
        until=one.expires_at,
        status="no longer in the register" if is_gone else dated,
        what=f"{one.id}: written in the register, by role; the ledger has no entry of it",
        text=one.rationale,
    )


def _imported(facts: Facts) -> Iterator[ExceptionRow]:
    for each in sorted(facts.closing_cells, key=lambda cell: (cell.subject, cell.cell)):
        if each.last is not None and each.last.provenance == "imported":
            yield _plain(
                "imported anchor",
                "the clock counts from a statement about the past that nobody verified",
                subject=each.subject,
                cells=(each.cell,),
                on=each.last.on,
                status=str(each.state),
            )


def _spans(facts: Facts) -> Iterator[ExceptionRow]:
    """Of entries recorded in the period."""
    seqs = [entry.seq for entry in facts.recorded]
    if not seqs:
        return
    for span in facts.trust.spans:
        first, last = max(span.first, seqs[0]), min(span.last, seqs[-1])
        if span.standing in SPANS and first <= last:
            cover = f"; entry {span.covered_by} covers them as they stood then" if span.covered_by else ""
            what = f"entries {first} to {last} {SPANS[span.standing]}{cover}"
            entry = facts.entries[first - 1]
            yield _plain(f"{span.standing} entries", what, on=facts.day(entry), seq=first)


def _silence(facts: Facts) -> Iterator[ExceptionRow]:
    """An outage is recorded when it is over; one that lasts is seen only from here."""
    last = facts.history.last_sweep
    if last is not None and facts.period.closing - last > OUTAGE:
        what = "no sweep gave a sign of life from then until the end of the period"
        yield _plain("outage", what, on=facts.period.day(last), status="lasts at the end")


def _plain(kind: str, what: str, **more: object) -> ExceptionRow:
    values: dict[str, object] = {
        "on": None, "seq": None, "record": "", "subject": "", "cells": (), "by": "", "second": "", "until": None,
        "status": "", "text": "",
    }  # fmt: skip
    return ExceptionRow(kind=kind, what=what, **(values | more))  # type: ignore[arg-type] # fields of the row
