"""Drains the inbox: each delivery is parsed, and one job is deferred for each subject, however many deliveries name it.

A delivery is marked as processed only after its jobs are deferred. If the process ends before that, the delivery is
processed again, which defers the same jobs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reassay.hosted.inbox.inbox import Inbox, ReceivedDelivery, UnreadDelivery
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.repositories import INSTALLATIONS
from reassay.hosted.rules.deliveries import MalformedDelivery, ParsedDelivery, parse_delivery
from reassay.hosted.rules.subject import JobSubject

BATCH = 200
PATIENCE = timedelta(minutes=10)
"""How long a delivery about an unknown repository waits for GitHub to list the App's repositories."""


@dataclass(frozen=True, slots=True)
class DrainResult:
    """Numbers of one drain."""

    read: int = 0
    """Deliveries that were processed."""
    deferred: int = 0
    """Jobs that were not waiting already."""
    dead: int = 0
    """Deliveries that became dead letters."""
    held: int = 0
    """Deliveries about unknown repositories, left in the inbox until GitHub has listed the App's repositories."""


@dataclass(slots=True)
class _Batch:
    """The result of a batch of deliveries, before it is written."""

    subjects: dict[JobSubject, None] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    dead: int = 0
    held: int = 0
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class Drain:
    """Processes the inbox."""

    inbox: Inbox
    letters: DeadLetters
    queue: JobQueue
    claims: PeriodicClaims
    refresh_soon: Callable[[], None]
    """Lists installations and repositories again, soon."""
    own_login: str = ""
    """Account of this App: its own events are ignored. Empty if it is not known."""

    def run(self, now: datetime) -> DrainResult:
        """Processes everything that is unread, in batches. Raises DatabaseError; the next run continues from there."""
        self.inbox.redate(now)
        after, total = 0, DrainResult()
        while unread := self.inbox.unread(after, BATCH):
            result = self._process(unread, now)
            total = DrainResult(
                total.read + result.read,
                total.deferred + result.deferred,
                total.dead + result.dead,
                total.held + result.held,
            )
            after = unread[-1].seq
        return total

    def _process(self, unread: tuple[UnreadDelivery, ...], now: datetime) -> DrainResult:
        parsed = [
            (item.delivery, parse_delivery(item.delivery.event, item.delivery.body, self.own_login)) for item in unread
        ]
        installations = self.inbox.installations_of(
            {event.repository for _, event in parsed if isinstance(event, ParsedDelivery) and event.repository}
        )
        batch = _Batch()
        for delivery, event in parsed:
            if isinstance(event, MalformedDelivery):
                self.letters.bury_delivery(delivery.id, None, event.reason, now)
                batch.dead += 1
            else:
                self._process_one(delivery, event, installations, batch, now)
        if batch.refresh:
            self.refresh_soon()
        deferred = self.queue.defer(batch.subjects)
        self.inbox.done(batch.done, now)
        return DrainResult(len(batch.done), deferred, batch.dead, batch.held)

    def _process_one(
        self,
        delivery: ReceivedDelivery,
        event: ParsedDelivery,
        installations: Mapping[int, int],
        batch: _Batch,
        now: datetime,
    ) -> None:
        batch.refresh = batch.refresh or event.meaning.refresh
        mismatch = _mismatch(event, installations) if event.subjects else ""
        if not mismatch:
            batch.subjects |= dict.fromkeys(event.subjects)
            batch.done.append(delivery.id)
        elif event.meaning.refresh:
            # The refresh itself sweeps new repositories.
            batch.done.append(delivery.id)
        elif self._is_settled(delivery, now):
            self.letters.bury_delivery(delivery.id, event.repository, mismatch, now)
            batch.dead += 1
        else:
            batch.refresh = True
            batch.held += 1

    def _is_settled(self, delivery: ReceivedDelivery, now: datetime) -> bool:
        """Whether GitHub has listed the repositories since the delivery arrived, or could not for a long time."""
        listed = self.claims.last_success(INSTALLATIONS)
        return (listed is not None and listed > delivery.received_at) or delivery.received_at + PATIENCE < now


def _mismatch(event: ParsedDelivery, installations: Mapping[int, int]) -> str:
    """Why the delivery must not be acted on; empty if it may be."""
    installation = installations.get(event.repository or 0)
    if installation is None:
        return f"repository {event.repository} belongs to no installation of this App"
    if event.installation is not None and event.installation != installation:
        return f"the delivery names installation {event.installation}, but its repository belongs to {installation}"
    return ""
