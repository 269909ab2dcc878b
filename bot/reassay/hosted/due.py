"""The index of instants over all repositories: what falls due on a day is looked up, not computed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reassay.hosted.database.database import Connection, Database
from reassay.hosted.rules.instants import Instant, Kind

_DELETE = """
delete from reassay_due d where d.repository_id = %(repository)s and not exists (
  select from unnest(%(subjects)s::text[], %(cells)s::text[], %(kinds)s::text[]) as n (subject, cell, kind)
  where (n.subject, n.cell, n.kind) = (d.subject, d.cell, d.kind))
"""
_UPSERT = """
insert into reassay_due as d (repository_id, subject, cell, kind, at)
select %(repository)s, n.* from unnest(%(subjects)s::text[], %(cells)s::text[], %(kinds)s::text[], %(at)s::timestamptz[]) as n
on conflict (repository_id, subject, cell, kind) do update set at = excluded.at where d.at <> excluded.at
"""
BETWEEN = """
select repository_id, subject, cell, kind, at from reassay_due where at >= %s and at < %s order by at limit %s
"""
NEXT = "select min(at) from reassay_due where at > %s"


class DueItem(NamedTuple):
    """One instant, and whose it is. A tuple, since a day has thousands."""

    repository: int
    subject: str
    cell: str
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def due_between(self, start: datetime, end: datetime, most: int = 10_000) -> tuple[DueItem, ...]:
        """From `start` on, before `end`, in order; by the index, whatever the number of items."""
        rows = self.database.rows(BETWEEN, (start, end, most))
        return tuple(DueItem(*row) for row in rows)

    def next_after(self, now: datetime) -> datetime | None:
        """The first instant of any repository after `now`."""
        found: datetime | None = self.database.rows(NEXT, (now,))[0][0]
        return found


def write_instants(connection: Connection, repository: int, instants: Collection[Instant]) -> None:
    """Brings one repository's instants to these; what is the same is not written again."""
    values = {
        "repository": repository,
        "subjects": [each.subject for each in instants],
        "cells": [each.cell for each in instants],
        "kinds": [each.kind for each in instants],
        "at": [each.at for each in instants],
    }
    connection.execute(_DELETE, values)
    connection.execute(_UPSERT, values)
