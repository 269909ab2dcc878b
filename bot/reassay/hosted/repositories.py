"""Repositories and installations, as GitHub last listed them, and how their last sweeps ended."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from reassay.hosted.database.database import Connection, Database
from reassay.hosted.due import write_instants
from reassay.hosted.rules.fingerprint import LastSweep
from reassay.hosted.rules.repository import Claimed, Installation, Listed, Repository, Stamp, Swept

_CLAIM = """
with hot as (
  select i.id from reassay_installations i
  where not i.suspended and (i.limited_until is null or i.limited_until <= %(now)s)
    and exists (select from reassay_repositories r where r.installation_id = i.id and r.next_sweep_at <= %(now)s)
), due as (
  select r.id, r.next_sweep_at from reassay_repositories r join hot on hot.id = r.installation_id
  where r.next_sweep_at <= %(ahead)s order by r.next_sweep_at limit %(most)s for update of r skip locked
)
update reassay_repositories r set next_sweep_at = %(until)s from due where r.id = due.id
returning r.id, r.installation_id, r.full_name, r.timezone, r.looked, due.next_sweep_at,
  r.swept_at, r.fine, r.fingerprint,
  (select min(d.at) from reassay_due d where d.repository_id = r.id and d.at > r.swept_at)
"""
_STAMP = """
update reassay_repositories r
set next_sweep_at = s.next_sweep_at, looked_at = %s, looked = coalesce(s.looked, r.looked)
from unnest(%s::bigint[], %s::timestamptz[], %s::jsonb[]) as s (id, next_sweep_at, looked) where r.id = s.id
"""
_SWEPT = """
update reassay_repositories set swept_at = %s, fine = %s, fingerprint = %s, problems = %s,
  timezone = coalesce(%s, timezone), status = coalesce(%s, status), next_sweep_at = coalesce(%s, next_sweep_at)
where id = %s
"""
_INSTALLATION = """
insert into reassay_installations (id, account, account_id, suspended, seen_at) values (%s, %s, %s, %s, %s)
on conflict (id) do update set account = excluded.account, account_id = excluded.account_id,
  suspended = excluded.suspended, seen_at = excluded.seen_at
"""
_REPOSITORIES = """
insert into reassay_repositories as r (id, installation_id, full_name, private, next_sweep_at)
select id, %s, full_name, private, %s from unnest(%s::bigint[], %s::text[], %s::boolean[]) as s (id, full_name, private)
on conflict (id) do update set installation_id = excluded.installation_id, full_name = excluded.full_name,
  private = excluded.private,
  next_sweep_at = case when r.installation_id = excluded.installation_id and r.full_name = excluded.full_name
    then r.next_sweep_at else excluded.next_sweep_at end
where (r.installation_id, r.full_name, r.private)
  is distinct from (excluded.installation_id, excluded.full_name, excluded.private)
"""


@dataclass(frozen=True, slots=True)
class Repositories:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def find(self, repository: int) -> Repository | None:
        """None if it is of no installation that is at work."""
        rows = self.database.rows(
            "select r.id, r.installation_id, r.full_name, r.timezone, r.looked from reassay_repositories r"
            " join reassay_installations i on i.id = r.installation_id where r.id = %s and not i.suspended",
            (repository,),
        )
        return Repository(*rows[0]) if rows else None

    def claim(self, now: datetime, ahead: datetime, until: datetime, most: int) -> tuple[Claimed, ...]:
        """Those whose time has come, in one statement; nobody else gets them before `until`.

        With them those of the same installations whose time comes before `ahead`: they fit into the same look.
        """
        with self.database.transaction() as connection:
            values = {"now": now, "ahead": ahead, "until": until, "most": most}
            rows = connection.execute(_CLAIM, values).fetchall()
        return tuple(_claimed(row) for row in rows)

    def stamp(self, stamps: Sequence[Stamp], now: datetime) -> None:
        """Looked at, and when next; all in one statement."""
        columns = (
            [each.repository for each in stamps],
            [each.next_sweep for each in stamps],
            [Jsonb(each.looked) if each.looked is not None else None for each in stamps],
        )
        self.database.run(_STAMP, (now, *columns))

    def swept(self, repository: int, swept: Swept) -> None:
        """How a sweep ended, and the instants that follow from it, in one transaction."""
        values = (
            swept.at,
            swept.fine,
            _json(swept.fingerprint),
            Jsonb([dict(each) for each in swept.problems]),
            swept.timezone,
            _json(swept.status),
            swept.next_sweep,
            repository,
        )
        with self.database.transaction() as connection:
            known = connection.execute(_SWEPT, values).rowcount
            if known and swept.instants is not None:
                write_instants(connection, repository, swept.instants)

    def rename(self, repository: int, full_name: str) -> None:
        """GitHub calls it so now."""
        self.database.run("update reassay_repositories set full_name = %s where id = %s", (full_name, repository))

    def installations(self) -> tuple[Installation, ...]:
        """All that are known."""
        rows = self.database.rows("select id, account, account_id, suspended from reassay_installations order by id")
        return tuple(Installation(*row) for row in rows)

    def of(self, installation: int) -> tuple[Repository, ...]:
        """Repositories of one installation, by name."""
        rows = self.database.rows(
            "select id, installation_id, full_name, timezone, looked from reassay_repositories"
            " where installation_id = %s order by full_name",
            (installation,),
        )
        return tuple(Repository(*row) for row in rows)

    def keep_installations(self, listed: Iterable[Installation], now: datetime) -> tuple[int, ...]:
        """Brings the table to what GitHub lists; returns the ids that are gone, with all that belonged to them."""
        with self.database.transaction() as connection:
            wanted = {each.id for each in listed if _put(connection, each, now)}
            rows = connection.execute(
                "delete from reassay_installations where not id = any(%s) returning id", (list(wanted),)
            ).fetchall()
        return tuple(int(row[0]) for row in rows)

    def keep_repositories(self, installation: int, listed: Collection[Listed], now: datetime) -> tuple[int, ...]:
        """Brings one installation's repositories to what GitHub lists; returns the ids that are gone.

        One that is new, moved or renamed is swept at once.
        """
        columns = (
            [each.id for each in listed],
            [each.full_name for each in listed],
            [each.is_private for each in listed],
        )
        with self.database.transaction() as connection:
            connection.execute(_REPOSITORIES, (installation, now, *columns))
            rows = connection.execute(
                "delete from reassay_repositories where installation_id = %s and not id = any(%s) returning id",
                (installation, columns[0]),
            ).fetchall()
        return tuple(int(row[0]) for row in rows)


def _put(connection: Connection, each: Installation, now: datetime) -> bool:
    values = (each.id, each.account, each.account_id, each.suspended, now)
    return connection.execute(_INSTALLATION, values).rowcount == 1


def _claimed(row: Sequence[Any]) -> Claimed:
    number, installation, full_name, timezone, looked, due_at, swept_at, fine, fingerprint, instant = row
    last = LastSweep(swept_at, fine, fingerprint, timezone, instant)
    return Claimed(Repository(number, installation, full_name, timezone, looked), due_at, last)


def _json(document: object) -> Jsonb | None:
    return None if document is None else Jsonb(document)
