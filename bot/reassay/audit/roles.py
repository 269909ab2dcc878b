"""Who held which role at both dates, by account id, as sweeps recorded it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reassay.audit.facts import Facts
from reassay.audit.population import Side
from reassay.ledger.entry import Entry
from reassay.ledger.watching import RoleChanged


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role at one date."""

    side: Side
    on: date
    role: str
    people: tuple[int, ...]
    """Account ids."""
    unresolved: int
    """How many names led to no account."""
    recorded_on: date
    seq: int
    """The entry that says so."""


def roles(facts: Facts) -> tuple[RoleRow, ...]:
    """The first date's roles, then the last one's, by name. Nothing where no sweep recorded any (mode `remind`)."""
    until_start = (each for each in facts.known if each.recorded_at <= facts.period.opening)
    return (
        *_side("from", facts.period.start, until_start, facts),
        *_side("to", facts.period.end, facts.known, facts),
    )


def _side(side: Side, on: date, entries: Iterable[Entry], facts: Facts) -> Iterator[RoleRow]:
    last: dict[str, tuple[Entry, RoleChanged]] = {}
    for entry in entries:
        if isinstance(entry.body, RoleChanged):
            last[entry.body.role] = (entry, entry.body)
    for role, (entry, body) in sorted(last.items()):
        if body.people or body.unresolved:
            yield RoleRow(side, on, role, body.people, body.unresolved, facts.day(entry), entry.seq)
