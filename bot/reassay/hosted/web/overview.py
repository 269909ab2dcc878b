"""Reads the App's tables for pages, the API and metrics."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reassay.github.app_types import HostedRepository
from reassay.hosted.database.database import Database, migrations
from reassay.hosted.jobs.job_runs import JobRuns
from reassay.hosted.rate_limits import LONGEST_PAUSE
from reassay.hosted.rules.clock_steps import latest_wait
from reassay.hosted.rules.overview import InstallationSummary, QueueFigures, RepositoryFigures
from reassay.hosted.rules.repository import RepositoryStatus

MOST = 1_000
_REPOSITORIES = """
select r.id, r.installation_id, r.full_name, r.private, r.timezone, r.looked, r.swept_at, r.fine, r.problems, r.status
from reassay_repositories r join reassay_installations i on i.id = r.installation_id where not i.suspended
"""
_NUMBERS = """
select
  (select count(*) from reassay_inbox where done_at is null),
  (select min(received_at) from reassay_inbox where done_at is null),
  (select max(received_at) from reassay_inbox),
  (select count(*) from reassay_repositories),
  (select count(*) from reassay_repositories where swept_at is not null and not fine),
  (select count(*) from reassay_installations),
  (select count(*) from reassay_installations where limited_until > %s and limited_until <= %s),
  (select max(swept_at) from reassay_repositories)
"""
_CELLS = """
select state.key, sum(state.value::bigint)
from (
  select r.status -> 'summary' as summary
  from reassay_repositories r join reassay_installations i on i.id = r.installation_id
  where not i.suspended and jsonb_typeof(r.status -> 'summary') = 'object'
) swept, jsonb_each_text(swept.summary) state
group by state.key
"""
_UNREADABLE = """
select r.full_name, coalesce((r.status ->> 'errors')::bigint, 0), jsonb_array_length(r.status -> 'unreadable')
from reassay_repositories r join reassay_installations i on i.id = r.installation_id
where not i.suspended and jsonb_typeof(r.status -> 'unreadable') = 'array' and r.status -> 'unreadable' <> '[]'::jsonb
order by r.full_name
"""
_EACH = """
select r.full_name, r.status -> 'summary', coalesce((r.status ->> 'errors')::bigint, 0), r.swept_at,
  r.swept_at is not null and not r.fine,
  (select min(left(cell ->> 'due', 10))
   from jsonb_array_elements(case when jsonb_typeof(r.status -> 'cells') = 'array' then r.status -> 'cells' else '[]' end) cell
   where coalesce(cell ->> 'clock', cell ->> 'state') = 'overdue')
from reassay_repositories r join reassay_installations i on i.id = r.installation_id
where not i.suspended
order by r.full_name
"""
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Overview:
    """Queries over all tables; writes nothing. Methods raise DatabaseError."""

    database: Database

    def repositories(self, only: Collection[int] | None) -> tuple[RepositoryStatus, ...]:
        """Repositories of active installations by name, at most `MOST`; those with an id in `only`, or all if it is None."""
        if only is None:
            rows = self.database.rows(f"{_REPOSITORIES} order by r.full_name limit %s", (MOST,))
        else:
            query = f"{_REPOSITORIES} and r.id = any(%s) order by r.full_name limit %s"
            rows = self.database.rows(query, (sorted(only), MOST))
        return tuple(_repository(row) for row in rows)

    def find(self, full_name: str) -> RepositoryStatus | None:
        """The repository with this name; None if no active installation has it."""
        rows = self.database.rows(f"{_REPOSITORIES} and lower(r.full_name) = lower(%s)", (full_name,))
        return _repository(rows[0]) if rows else None

    def installations(self) -> tuple[InstallationSummary, ...]:
        """All installations by account, at most `MOST`."""
        rows = self.database.rows(
            "select i.id, i.account, i.suspended, i.limited_until,"
            " (select count(*) from reassay_repositories r where r.installation_id = i.id)"
            " from reassay_installations i order by i.account limit %s",
            (MOST,),
        )
        return tuple(InstallationSummary(*row) for row in rows)

    def figures(self, now: datetime) -> QueueFigures:
        """Figures of this moment."""
        first = self.database.rows(_NUMBERS, (now, latest_wait(now, LONGEST_PAUSE)))[0]
        dead = self.database.rows(
            "select kind, count(*) from reassay_dead_letters where redriven_at is null group by kind"
        )
        unread = self.database.rows(_UNREADABLE)
        failing = JobRuns(self.database).failing()
        return QueueFigures(
            cells={str(state): int(count) for state, count in self.database.rows(_CELLS)},
            errors=sum(int(row[1]) for row in unread),
            unreadable=sum(int(row[2]) for row in unread),
            unreadable_repositories=tuple(str(row[0]) for row in unread[:MOST_NAMED]),
            unread=int(first[0]),
            oldest_unread=first[1],
            last_delivery=first[2],
            jobs=self._jobs(),
            dead={str(kind): int(count) for kind, count in dead},
            repositories=int(first[3]),
            unfinished=int(first[4]),
            installations=int(first[5]),
            paused=int(first[6]),
            last_sweep=first[7],
            failed_runs=failing.runs if failing else 0,
        )

    def each_repository(self) -> tuple[RepositoryFigures, ...]:
        """Figures of each repository of active installations, by name."""
        return tuple(_figures(row) for row in self.database.rows(_EACH))

    def last_successes(self) -> Mapping[str, datetime | None]:
        """When each background task last succeeded, in any process."""
        rows = self.database.rows("select name, at from reassay_ticks where strpos(name, '/') = 0")
        return {str(name): at for name, at in rows}

    def missing_migrations(self) -> tuple[int, ...]:
        """Numbers of migrations that were not applied to the database."""
        done = {int(row[0]) for row in self.database.rows("select number from reassay_migrations")}
        return tuple(number for number, _ in migrations() if number not in done)

    def _jobs(self) -> Mapping[str, int]:
        # Procrastinate creates its table when it first runs.
        if self.database.rows("select to_regclass('procrastinate_jobs')")[0][0] is None:
            return {}
        rows = self.database.rows("select status::text, count(*) from procrastinate_jobs group by status")
        return {str(status): int(count) for status, count in rows}


def _figures(row: Sequence[Any]) -> RepositoryFigures:
    name, summary, errors, swept_at, is_unfinished, due = row
    cells = {str(state): int(count) for state, count in summary.items() if count} if isinstance(summary, dict) else {}
    oldest = date.fromisoformat(due) if due else None
    return RepositoryFigures(str(name), cells, int(errors), swept_at, int(bool(is_unfinished)), oldest)


def _repository(row: Sequence[Any]) -> RepositoryStatus:
    swept_at, fine, problems, status = row[6:]
    return RepositoryStatus(HostedRepository(*row[:6]), swept_at, bool(fine), tuple(problems or ()), status)
