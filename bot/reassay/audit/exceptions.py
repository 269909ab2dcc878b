"""Exceptions: whatever is not the plain course of things, each with a date, who, until when, and how it stands.

Every kind of ledger entry that is not listed as ordinary is one. A kind that is added to the ledger later is therefore
shown without a change here; a line in `SAID` gives it better words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.audit.facts import Facts, account
from reassay.audit.said import how_it_stands, name_of, ratified_on, said, until_of
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
"""Kinds of entry that are shown elsewhere or are the plain course of things."""
WHILE_OPEN: Final = frozenset({"extended", "snoozed"})
"""Kinds that end when their re-assessment does."""


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception."""

    kind: str
    on: date | None
    seq: int | None
    """Of its ledger entry; None for what stands in the register or follows from several entries."""
    record: str
    subject: str
    cells: tuple[str, ...]
    by: str
    """An account, or a role where the register says it."""
    second: str
    """Who agreed, where it takes two."""
    until: date | None
    status: str
    """At the end of the period."""
    what: str
    text: str
    """What somebody wrote."""


def from_entries(facts: Facts) -> Iterator[ExceptionRow]:
    """Those recorded in the period, and those recorded before it that were in force in it; in order of the ledger."""
    for entry in facts.known:
        if _is_one(entry.body) and (facts.period.holds(entry.recorded_at) or _reaches(entry, facts)):
            yield _row(entry, facts)


def _is_one(body: Body) -> bool:
    if isinstance(body, Decided):
        return body.self_assessed
    if isinstance(body, KeyAdded):
        return body.how != "first"
    return body.kind not in ORDINARY


def _reaches(entry: Entry, facts: Facts) -> bool:
    """Whether something recorded before the period was in force in it."""
    start, each = facts.period.start, facts.reassessment(entry)
    if isinstance(entry.body, Contained):
        day = ratified_on(entry, facts)
        return day is None or day >= start or entry.body.ratify_by >= start
    closed = facts.period.day(each.closed_at) if each and each.closed_at else None
    if entry.body.kind in WHILE_OPEN and closed is not None and closed < start:
        return False
    until = until_of(entry.body)
    return until is not None and until >= start


def _row(entry: Entry, facts: Facts) -> ExceptionRow:
    body, each = entry.body, facts.reassessment(entry)
    asked = getattr(body, "asked", None)
    confirmed = getattr(body, "confirmed_by", None)
    subject = getattr(body, "subject", None) or (each.subject if each else "")
    return ExceptionRow(
        kind=name_of(body),
        on=facts.day(entry),
        seq=entry.seq,
        record=getattr(body, "reassessment", None) or "",
        subject=facts.history.present(str(subject)),
        cells=tuple(getattr(body, "cells", None) or (each.cells if each else ())),
        by=account(asked.by if isinstance(asked, Asked) else entry.actor),
        second=account(confirmed if isinstance(confirmed, int) else None),
        until=until_of(body),
        status=how_it_stands(entry, facts),
        what=said(body),
        text=facts.text(getattr(body, "because", None)),
    )
