"""Holders of each role at both dates, by account id, as recorded by sweeps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reassay.audit.audit_input import AuditInput
from reassay.audit.population import Side
from reassay.ledger.entry import Entry
from reassay.ledger.sweep_records import RoleChanged


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role at one date."""

    side: Side
    on: date
    role: str
    people: tuple[int, ...]
    """Account ids of the holders."""
    logins: tuple[str, ...]
    """Holders as `login (id)`, as far as the register and the ledger know logins."""
    unresolved: int
    """Number of names without an account."""
    recorded_on: date
    seq: int
    """Seq of the entry that recorded it."""


def roles(audit: AuditInput) -> tuple[RoleRow, ...]:
    """Roles at the first date, then at the last date, by name. Empty if no sweep recorded any (mode `remind`)."""
    until_start = (entry for entry in audit.until_end if entry.recorded_at <= audit.period.opening)
    return (
        *_side("from", audit.period.start, until_start, audit),
        *_side("to", audit.period.end, audit.until_end, audit),
    )


def _side(side: Side, on: date, entries: Iterable[Entry], audit: AuditInput) -> Iterator[RoleRow]:
    last: dict[str, tuple[Entry, RoleChanged]] = {}
    for entry in entries:
        if isinstance(entry.body, RoleChanged):
            last[entry.body.role] = (entry, entry.body)
    for role, (entry, body) in sorted(last.items()):
        if body.people or body.unresolved:
            logins = tuple(map(audit.person, body.people))
            yield RoleRow(side, on, role, body.people, logins, body.unresolved, audit.day(entry), entry.seq)
