"""Reads the hosted App's tables for pages, the API and metrics; writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reassay.hosted.database.database import Database
from reassay.hosted.database.migrate import migrations
from reassay.hosted.rules.overview import DeadLetter, InstallationRow, Numbers, RepositoryRow

MOST = 1_000
_REPOSITORIES = """
select r.id, r.installation_id, r.full_name, r.private, r.swept_at, r.fine, r.problems, r.status
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
  (select count(*) from reassay_installations where limited_until > %s),
  (select max(swept_at) from reassay_repositories)
"""
_DEAD = """
select d.id, d.kind, d.key, coalesce(r.full_name, ''), coalesce(d.event, ''), d.reason, d.at, d.redriven_at
from reassay_dead_letters d left join reassay_repositories r on r.id = d.repository_id
"""


@dataclass(frozen=True, slots=True)
class Directory:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def repositories(self, only: Collection[int] | None) -> tuple[RepositoryRow, ...]:
        """By name; those of `only`, or all. Of installations at work."""
        if only is None:
            rows = self.database.rows(f"{_REPOSITORIES} order by r.full_name limit %s", (MOST,))
        else:
            query = f"{_REPOSITORIES} and r.id = any(%s) order by r.full_name limit %s"
            rows = self.database.rows(query, (sorted(only), MOST))
        return tuple(_repository(row) for row in rows)

    def find(self, full_name: str) -> RepositoryRow | None:
        """The repository that GitHub calls so now."""
        rows = self.database.rows(f"{_REPOSITORIES} and lower(r.full_name) = lower(%s)", (full_name,))
        return _repository(rows[0]) if rows else None

    def installations(self) -> tuple[InstallationRow, ...]:
        """All that are known."""
        rows = self.database.rows(
            "select i.id, i.account, i.suspended, i.limited_until,"
            " (select count(*) from reassay_repositories r where r.installation_id = i.id)"
            " from reassay_installations i order by i.account limit %s",
            (MOST,),
        )
        return tuple(InstallationRow(*row) for row in rows)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """The latest first."""
        rows = self.database.rows(f"{_DEAD} order by d.at desc limit %s", (MOST,))
        return tuple(DeadLetter(*row) for row in rows)

    def dead_letter(self, number: int) -> DeadLetter | None:
        """One of them."""
        rows = self.database.rows(f"{_DEAD} where d.id = %s", (number,))
        return DeadLetter(*rows[0]) if rows else None

    def numbers(self, now: datetime) -> Numbers:
        """Figures of this moment."""
        first = self.database.rows(_NUMBERS, (now,))[0]
        dead = self.database.rows(
            "select kind, count(*) from reassay_dead_letters where redriven_at is null group by kind"
        )
        return Numbers(
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
        )

    def last(self) -> Mapping[str, datetime | None]:
        """When each part of the scheduler was last done, by any process."""
        rows = self.database.rows("select name, at from reassay_ticks where not starts_with(name, 'claim/')")
        return {str(name): at for name, at in rows}

    def missing_migrations(self) -> tuple[int, ...]:
        """Numbers of the files that this program has and the database has not seen."""
        done = {int(row[0]) for row in self.database.rows("select number from reassay_migrations")}
        return tuple(number for number, _ in migrations() if number not in done)

    def _jobs(self) -> Mapping[str, int]:
        # The queue's own table, which it makes when it first runs.
        if self.database.rows("select to_regclass('procrastinate_jobs')")[0][0] is None:
            return {}
        rows = self.database.rows("select status::text, count(*) from procrastinate_jobs group by status")
        return {str(status): int(count) for status, count in rows}


def _repository(row: Sequence[Any]) -> RepositoryRow:
    number, installation, full_name, private, swept_at, fine, problems, status = row
    return RepositoryRow(number, installation, full_name, private, swept_at, bool(fine), tuple(problems or ()), status)
