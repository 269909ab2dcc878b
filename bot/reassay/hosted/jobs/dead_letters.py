"""Dead letters: deliveries that could not be processed, and jobs that failed too often. Operators see and retry them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reassay.hosted.database.database import Database
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.rules.overview import DeadLetter
from reassay.hosted.rules.subject import JobSubject

_SELECT = """
select d.id, d.kind, d.key, coalesce(r.full_name, ''), coalesce(d.event, ''), d.reason, d.at, d.redriven_at
from reassay_dead_letters d left join reassay_repositories r on r.id = d.repository_id
"""
_BURY_JOB = """
insert into reassay_dead_letters as d (kind, key, repository_id, reason, at) values ('job', %s, %s, %s, %s)
on conflict (kind, key) do update set reason = excluded.reason, at = excluded.at, redriven_at = null
"""
_BURY_DELIVERY = """
insert into reassay_dead_letters as d (kind, key, repository_id, event, body, reason, at)
select 'delivery', delivery_id, %s, event, body, %s, %s from reassay_inbox where delivery_id = %s
on conflict (kind, key) do update set reason = excluded.reason, at = excluded.at, body = excluded.body, redriven_at = null
"""
_REDRIVE_DELIVERY = """
with letter as (
  update reassay_dead_letters set redriven_at = %s where kind = 'delivery' and key = %s and body is not null
  returning key, event, body
)
insert into reassay_inbox (delivery_id, event, body, received_at) select key, event, body, %s from letter
on conflict (delivery_id) do update set body = excluded.body, received_at = excluded.received_at, done_at = null
"""
MOST = 1_000
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The table. Methods raise DatabaseError."""

    database: Database

    def listed(self) -> tuple[DeadLetter, ...]:
        """At most `MOST`, the latest first."""
        rows = self.database.rows(f"{_SELECT} order by d.at desc limit %s", (MOST,))
        return tuple(_letter(row) for row in rows)

    def find(self, number: int) -> DeadLetter | None:
        """The letter with this id; None if there is none."""
        rows = self.database.rows(f"{_SELECT} where d.id = %s", (number,))
        return _letter(rows[0]) if rows else None

    def bury_job(self, subject: JobSubject, reason: str, now: datetime) -> None:
        """Stores one letter for each subject, with the last reason."""
        self.database.run(_BURY_JOB, (_key(subject), subject.repository, reason[:LONGEST_REASON], now))

    def bury_delivery(self, delivery: str, repository: int | None, reason: str, now: datetime) -> None:
        """Moves a delivery from the inbox into a letter that keeps its body, so that it can be retried."""
        with self.database.transaction() as connection:
            connection.execute(_BURY_DELIVERY.encode(), (repository, reason[:LONGEST_REASON], now, delivery))
            connection.execute(
                b"update reassay_inbox set done_at = %s, body = null where delivery_id = %s", (now, delivery)
            )

    def is_buried(self, subject: JobSubject) -> bool:
        """Whether the subject has a letter that nobody has retried."""
        query = "select from reassay_dead_letters where kind = 'job' and key = %s and redriven_at is null"
        return bool(self.database.rows(query, (_key(subject),)))

    def settled(self, subject: JobSubject) -> None:
        """Deletes the letter of a subject whose job has succeeded."""
        self.database.run("delete from reassay_dead_letters where kind = 'job' and key = %s", (_key(subject),))

    def redrive_delivery(self, delivery: str, now: datetime) -> bool:
        """Puts a delivery back into the inbox. False if it has no letter."""
        return self.database.run(_REDRIVE_DELIVERY, (now, delivery, now)) == 1

    def redrive_job(self, subject: JobSubject, now: datetime) -> bool:
        """Notes that a person asked for a retry; the caller defers the job. False if the subject has no letter."""
        query = "update reassay_dead_letters set redriven_at = %s where kind = 'job' and key = %s"
        return self.database.run(query, (now, _key(subject))) == 1

    def forget(self, before: datetime) -> int:
        """Deletes letters that are older; a subject that still fails gets a new one."""
        return self.database.run("delete from reassay_dead_letters where at < %s", (before,))


def _letter(row: Sequence[Any]) -> DeadLetter:
    return DeadLetter(*row)


def _key(subject: JobSubject) -> str:
    return f"{subject.repository}/{subject.text}"


@dataclass(frozen=True, slots=True)
class Redrive:
    """Puts the delivery or the job of a dead letter back."""

    letters: DeadLetters
    queue: JobQueue

    def __call__(self, letter: DeadLetter, now: datetime) -> bool:
        """False if the letter is gone, or if this version does not know its subject. Raises DatabaseError."""
        if letter.kind == "delivery":
            return self.letters.redrive_delivery(letter.key, now)
        number, _, text = letter.key.partition("/")
        subject = JobSubject.read(int(number), text) if number.isdigit() else None
        if subject is None or not self.letters.redrive_job(subject, now):
            return False
        self.queue.defer([subject])
        return True
