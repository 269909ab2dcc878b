"""Messages of monitoring tools until the ledger has them, and the sources that may send them."""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.rules.deliveries import SIGNAL_EVENT
from reassay.register.signal_sources import AlertmanagerSource, PagerDutySource, SignalSource, StatuspageSource
from reassay.signals.source_readings import ReceivedEvent

MOST_EVENTS: Final = 1_000
MOST_BYTES: Final = 32 * 1024**2
"""Limits of what waits for the sweep of one repository; beyond them a sender is told to try again."""
KEPT: Final = timedelta(days=30)
"""How long the content of a message is kept that no sweep records, for example because the App is suspended. The next sweep says
that one was lost."""
_INSERT = """
insert into reassay_signal_events as e (repository_id, source, digest, payload, received_at) values (%s, %s, %s, %s, %s)
on conflict (repository_id, source, digest) do update
set received_at = greatest(e.received_at, excluded.received_at), payload = excluded.payload
returning xmax = 0
"""
_WAKE = "insert into reassay_inbox (delivery_id, event, body, received_at) values (%s, %s, %s, %s)"
_WAITING = """
select count(*), coalesce(sum(length(payload)), 0)::bigint from reassay_signal_events where repository_id = %s
"""
_SOURCE = """
select r.id, r.full_name, s.source, s.kind, s.secret from reassay_signal_sources s
join reassay_repositories r on r.id = s.repository_id join reassay_installations i on i.id = r.installation_id
where s.source = %s and not i.suspended and (r.id = %s or lower(r.full_name) = lower(%s))
"""


@dataclass(frozen=True, slots=True)
class SenderSource:
    """A source of a repository that monitoring tools send to, as of the last sweep."""

    repository: int
    full_name: str
    source: str
    kind: str
    secret: str
    """Name of the sender's secret, which the operator declares for this repository."""


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """A message that no sweep has recorded yet."""

    id: int
    source: str
    event: ReceivedEvent = field(repr=False)
    stored_at: datetime
    """When it was received last, as it is stored: the same message again moves it."""


@dataclass(frozen=True, slots=True)
class SignalEvents:
    """The tables. Methods raise DatabaseError."""

    database: Database

    def keep_sources(self, repository: int, sources: Iterable[SignalSource]) -> None:
        """Replaces the sources of a repository."""
        rows = [
            (repository, source.id, source.kind, source.secret)
            for source in sources
            if isinstance(source, AlertmanagerSource | PagerDutySource | StatuspageSource)
        ]
        with self.database.transaction() as connection:
            stored = connection.execute(
                "select repository_id, source, kind, secret from reassay_signal_sources where repository_id = %s",
                (repository,),
            ).fetchall()
            if sorted(map(tuple, stored)) == sorted(rows):
                return
            connection.execute("delete from reassay_signal_sources where repository_id = %s", (repository,))
            for row in rows:
                connection.execute("insert into reassay_signal_sources values (%s, %s, %s, %s)", row)

    def source(self, repository: str, source: str) -> SenderSource | None:
        """The source with an id in a repository, by GitHub's id or by its name; None if there is none."""
        number = int(repository) if repository.isascii() and repository.isdigit() else None
        rows = self.database.rows(_SOURCE, (source, number, repository))
        return SenderSource(*rows[0]) if len(rows) == 1 else None

    def store(self, source: SenderSource, payload: object, now: datetime) -> bool:
        """Stores a message and the delivery that causes a sweep, in one transaction; False if the same waits already.

        Raises DatabaseError if too much waits.
        """
        content = json.dumps(payload, ensure_ascii=True, sort_keys=True).encode()
        wake = json.dumps({"repository": {"id": source.repository}}).encode()
        with self.database.transaction() as connection:
            row = connection.execute(_WAITING, (source.repository,)).fetchone()
            count, size = row or (0, 0)
            if count >= MOST_EVENTS or size + len(content) > MOST_BYTES:
                raise DatabaseError(
                    "too many messages wait for the sweep of this repository.", where="inbox", remedy="Send it again."
                )
            name = hashlib.sha256(content).digest()
            inserted = connection.execute(_INSERT, (source.repository, source.source, name, content, now)).fetchone()
            connection.execute(_WAKE, (f"signal-{uuid.uuid4()}", SIGNAL_EVENT, wake, now))
        return bool(inserted and inserted[0])

    def waiting(self, repository: int, now: datetime) -> tuple[WaitingEvent, ...]:
        """What no sweep of a repository has recorded yet, in the order received.

        A message that was kept for too long has an empty content, which its reader reports. None is from the future.
        """
        rows = self.database.rows(
            "select id, source, payload, received_at from reassay_signal_events where repository_id = %s"
            " order by received_at, id",
            (repository,),
        )
        return tuple(
            WaitingEvent(row[0], row[1], ReceivedEvent(_content(row[2]), min(row[3], now)), row[3]) for row in rows
        )

    def recorded(self, events: Sequence[WaitingEvent]) -> int:
        """Deletes what the ledger has, unless the same message came again meanwhile; how many were deleted."""
        return self.database.run(
            "delete from reassay_signal_events e using unnest(%s::bigint[], %s::timestamptz[]) as d (id, at)"
            " where e.id = d.id and e.received_at = d.at",
            ([event.id for event in events], [event.stored_at for event in events]),
        )

    def expire(self, before: datetime) -> int:
        """Deletes the content of messages that were received earlier; that there was one stays, for the next sweep to say."""
        self.database.run(
            "delete from reassay_signal_events e where received_at < %s and not exists (select from reassay_signal_sources s"
            " where s.repository_id = e.repository_id and s.source = e.source)",
            (before,),
        )
        return self.database.run(
            "update reassay_signal_events set payload = null where received_at < %s and payload is not null", (before,)
        )


def of_sources(events: Iterable[WaitingEvent], sources: Collection[str]) -> tuple[WaitingEvent, ...]:
    """The events of some sources."""
    return tuple(event for event in events if event.source in sources)


def _content(stored: bytes | None) -> dict[str, object]:
    content = json.loads(bytes(stored)) if stored is not None else {}
    return content if isinstance(content, dict) else {}
