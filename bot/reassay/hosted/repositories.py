"""Tables of installations and repositories as GitHub last listed them, and of how their last sweeps ended."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from reassay.common.errors import ReassayError
from reassay.github.app_api import AppApi
from reassay.github.app_types import AppInstallation, HostedRepository
from reassay.hosted.database.database import Connection, Database
from reassay.hosted.rate_limits import LONGEST_PAUSE
from reassay.hosted.rules.clock_steps import SKEW, latest_wait
from reassay.hosted.rules.repository import RepositoryClaim, SweepOutcome, SweepStamp
from reassay.hosted.rules.sweep_schedule import CellInstant, LastSweep

LONGEST_WAIT = timedelta(minutes=75)
"""A sweep is due within an hour of the last one, which may have been some minutes early. One that is due later than this was
stored while a clock was ahead, and is due now."""
_CLAIM = """
with active as (
  select i.id from reassay_installations i
  where not i.suspended and (i.limited_until is null or i.limited_until <= %(now)s or i.limited_until > %(pause)s)
    and exists (select from reassay_repositories r where r.installation_id = i.id
      and (r.next_sweep_at <= %(now)s or r.next_sweep_at > %(latest)s or r.looked_at > %(skew)s))
), due as (
  select r.id, r.next_sweep_at from reassay_repositories r join active on active.id = r.installation_id
  where r.next_sweep_at <= %(ahead)s or r.next_sweep_at > %(latest)s or r.looked_at > %(skew)s
  order by r.next_sweep_at limit %(most)s for update of r skip locked
)
update reassay_repositories r set next_sweep_at = %(until)s, looked_at = %(now)s from due where r.id = due.id
returning r.id, r.installation_id, r.full_name, r.private, r.timezone, r.looked, due.next_sweep_at,
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
_DELETE_INSTANTS = """
delete from reassay_due d where d.repository_id = %(repository)s and not exists (
  select from unnest(%(subjects)s::text[], %(cells)s::text[], %(kinds)s::text[]) as n (subject, cell, kind)
  where (n.subject, n.cell, n.kind) = (d.subject, d.cell, d.kind))
"""
_UPSERT_INSTANTS = """
insert into reassay_due as d (repository_id, subject, cell, kind, at)
select %(repository)s, n.* from unnest(%(subjects)s::text[], %(cells)s::text[], %(kinds)s::text[], %(at)s::timestamptz[]) as n
on conflict (repository_id, subject, cell, kind) do update set at = excluded.at where d.at <> excluded.at
"""


@dataclass(frozen=True, slots=True)
class RepositoryTables:
    """Reads and writes the tables. Methods raise DatabaseError."""

    database: Database

    def find(self, repository: int) -> HostedRepository | None:
        """None if no installation has it, or if that installation is suspended."""
        rows = self.database.rows(
            "select r.id, r.installation_id, r.full_name, r.private, r.timezone, r.looked from reassay_repositories r"
            " join reassay_installations i on i.id = r.installation_id where r.id = %s and not i.suspended",
            (repository,),
        )
        return HostedRepository(*rows[0]) if rows else None

    def claim(self, now: datetime, ahead: datetime, until: datetime, most: int) -> tuple[RepositoryClaim, ...]:
        """Repositories that are due, claimed in one statement; no other process gets them before `until`.

        One that was last checked in the future, by a clock that was ahead, is due as well.

        Includes repositories of the same installations that are due before `ahead`: they fit into the same query.
        """
        latest = {
            "latest": latest_wait(now, LONGEST_WAIT),
            "pause": latest_wait(now, LONGEST_PAUSE),
            "skew": now + SKEW,
        }
        with self.database.transaction() as connection:
            values = {"now": now, "ahead": ahead, "until": until, "most": most, **latest}
            rows = connection.execute(_CLAIM, values).fetchall()
        return tuple(_claim(row) for row in rows)

    def stamp(self, stamps: Sequence[SweepStamp], now: datetime) -> None:
        """Stores the activity of repositories and the time of their next sweep, with one statement."""
        columns = (
            [stamp.repository for stamp in stamps],
            [stamp.next_sweep for stamp in stamps],
            [_json(stamp.activity) for stamp in stamps],
        )
        self.database.run(_STAMP, (now, *columns))

    def swept(self, repository: int, outcome: SweepOutcome) -> None:
        """Stores how a sweep ended, and the instants of its cells, in one transaction."""
        values = (
            outcome.at,
            outcome.fine,
            _json(outcome.fingerprint),
            Jsonb([dict(problem) for problem in outcome.problems]),
            outcome.timezone,
            _json(outcome.status),
            outcome.next_sweep,
            repository,
        )
        with self.database.transaction() as connection:
            is_stored = connection.execute(_SWEPT, values).rowcount == 1
            if is_stored and outcome.instants is not None:
                _write_instants(connection, repository, outcome.instants)

    def anchor(self, repository: int) -> tuple[str, ...]:
        """The anchor of the longest ledger that was seen; nothing for a repository without a ledger."""
        rows = self.database.rows("select ledger_anchor from reassay_repositories where id = %s", (repository,))
        return tuple(str(row[0]) for row in rows if row[0])

    def keep_anchor(self, repository: int, seq: int, anchor: str) -> None:
        """Stores the anchor of a ledger, if it is longer than the one that is stored."""
        self.database.run(
            "update reassay_repositories set ledger_seq = %s, ledger_anchor = %s"
            " where id = %s and (ledger_seq is null or ledger_seq < %s)",
            (seq, anchor, repository, seq),
        )

    def rename(self, repository: int, full_name: str) -> None:
        """Stores the new name of a repository."""
        self.database.run("update reassay_repositories set full_name = %s where id = %s", (full_name, repository))

    def keep_installations(self, listed: Iterable[AppInstallation], now: datetime) -> tuple[int, ...]:
        """Makes the table equal to GitHub's list; returns the ids that were deleted, together with their repositories."""
        with self.database.transaction() as connection:
            wanted = {installation.id for installation in listed if _put(connection, installation, now)}
            rows = connection.execute(
                "delete from reassay_installations where not id = any(%s) returning id", (list(wanted),)
            ).fetchall()
        return tuple(int(row[0]) for row in rows)

    def keep_repositories(
        self, installation: int, listed: Collection[HostedRepository], now: datetime
    ) -> tuple[int, ...]:
        """Makes one installation's repositories equal to GitHub's list; returns the ids that were deleted.

        New, transferred and renamed repositories are due at once.
        """
        columns = (
            [repository.id for repository in listed],
            [repository.full_name for repository in listed],
            [repository.is_private for repository in listed],
        )
        with self.database.transaction() as connection:
            connection.execute(_REPOSITORIES, (installation, now, *columns))
            rows = connection.execute(
                "delete from reassay_repositories where installation_id = %s and not id = any(%s) returning id",
                (installation, columns[0]),
            ).fetchall()
        return tuple(int(row[0]) for row in rows)


def _put(connection: Connection, installation: AppInstallation, now: datetime) -> bool:
    values = (installation.id, installation.account, installation.account_id, installation.suspended, now)
    return connection.execute(_INSTALLATION, values).rowcount == 1


def _claim(row: Sequence[Any]) -> RepositoryClaim:
    repository = HostedRepository(*row[:6])
    due_at, swept_at, fine, fingerprint, instant = row[6:]
    return RepositoryClaim(repository, due_at, LastSweep(swept_at, fine, fingerprint, repository.timezone, instant))


def _write_instants(connection: Connection, repository: int, instants: Collection[CellInstant]) -> None:
    """Replaces the instants of one repository; rows that stay equal are not written."""
    values = {
        "repository": repository,
        "subjects": [instant.subject for instant in instants],
        "cells": [instant.cell for instant in instants],
        "kinds": [instant.kind for instant in instants],
        "at": [instant.at for instant in instants],
    }
    connection.execute(_DELETE_INSTANTS, values)
    connection.execute(_UPSERT_INSTANTS, values)


def _json(document: object) -> Jsonb | None:
    return None if document is None else Jsonb(document)


INSTALLATIONS = "installations"
"""Name of the periodic task."""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """Numbers of one refresh."""

    installations: int
    repositories: int
    failed: tuple[str, ...] = ()
    """Errors by installation; the stored repositories of such an installation stay."""


@dataclass(frozen=True, slots=True)
class InstallationRefresh:
    """Lists all installations and their repositories."""

    github: AppApi
    tables: RepositoryTables
    removed: Callable[[int], None]
    """Called with the id of each repository that the App has lost: its git mirror is deleted."""

    def run(self, now: datetime) -> RefreshResult:
        """Lists everything once. Raises UpstreamError if the installations cannot be listed."""
        installations = self.github.installations()
        self.tables.keep_installations(installations, now)
        count, failed = 0, list[str]()
        for installation in installations:
            if installation.suspended:
                continue
            try:
                listed = self.github.repositories(installation.id)
            except ReassayError as error:
                failed.append(f"installation {installation.id}: {error}")
                continue
            for repository in self.tables.keep_repositories(installation.id, listed, now):
                self.removed(repository)
            count += len(listed)
        return RefreshResult(len(installations), count, tuple(failed))
