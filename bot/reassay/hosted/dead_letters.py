"""Dead letters of jobs: subjects that failed too often in a row. They stay visible until one run gets through."""

from dataclasses import dataclass
from datetime import datetime

from reassay.hosted.database.database import Database
from reassay.hosted.rules.subject import Subject

_BURY = """
insert into reassay_dead_letters as d (kind, key, repository_id, reason, at) values ('job', %s, %s, %s, %s)
on conflict (kind, key) do update set reason = excluded.reason, at = excluded.at, redriven_at = null
"""
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A subject that nobody got through with."""

    subject: Subject
    reason: str
    at: datetime
    redriven_at: datetime | None
    """When a person asked to try again; None if nobody did since it failed last."""


@dataclass(frozen=True, slots=True)
class DeadJobs:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def bury(self, subject: Subject, reason: str, now: datetime) -> None:
        """One letter for each subject, with the last reason."""
        self.database.run(_BURY, (_key(subject), subject.repository, reason[:LONGEST_REASON], now))

    def is_buried(self, subject: Subject) -> bool:
        """Whether it failed too often, and nobody has asked to try again since."""
        query = "select from reassay_dead_letters where kind = 'job' and key = %s and redriven_at is null"
        return bool(self.database.rows(query, (_key(subject),)))

    def settled(self, subject: Subject) -> None:
        """A run got through: there is nothing to look at any more."""
        self.database.run("delete from reassay_dead_letters where kind = 'job' and key = %s", (_key(subject),))

    def listed(self, most: int = 100) -> tuple[DeadJob, ...]:
        """The latest first."""
        rows = self.database.rows(
            "select repository_id, key, reason, at, redriven_at from reassay_dead_letters where kind = 'job'"
            " order by at desc limit %s",
            (most,),
        )
        found = ((Subject.read(row[0], row[1].partition("/")[2]), row) for row in rows)
        return tuple(DeadJob(subject, *row[2:]) for subject, row in found if subject is not None)

    def redrive(self, subject: Subject, now: datetime) -> bool:
        """A person asks to try again: whoever calls this defers the subject. False if there is no such letter."""
        query = "update reassay_dead_letters set redriven_at = %s where kind = 'job' and key = %s"
        return self.database.run(query, (now, _key(subject))) == 1

    def forget(self, before: datetime) -> int:
        """Drops letters of so long ago; a subject that still fails writes a new one."""
        return self.database.run("delete from reassay_dead_letters where kind = 'job' and at < %s", (before,))


def _key(subject: Subject) -> str:
    return f"{subject.repository}/{subject.text}"
