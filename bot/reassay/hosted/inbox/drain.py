"""From deliveries to jobs: what is worth a look is deferred, once for each subject however many deliveries name it.

Only afterwards a delivery counts as read. Whatever ends this early, it is done again, and the same subject once more is
the same job.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from reassay.hosted.rules.deliveries import Senseless, Understood, understand
from reassay.hosted.rules.subject import Subject

BATCH = 200
PATIENCE = timedelta(minutes=10)
"""So long a delivery of somewhere unknown waits for GitHub to say whether the App is installed there."""


class Letter(Protocol):
    """A delivery."""

    @property
    def id(self) -> str: ...  # noqa: D102 -- GitHub's id of it
    @property
    def event(self) -> str: ...  # noqa: D102 -- GitHub's name of the event
    @property
    def body(self) -> bytes: ...  # noqa: D102 -- as it came
    @property
    def received_at(self) -> datetime: ...  # noqa: D102 -- when it came


class Unread(Protocol):
    """A delivery with its place in the row."""

    @property
    def seq(self) -> int: ...  # noqa: D102 -- grows
    @property
    def delivery(self) -> Letter: ...  # noqa: D102 -- itself


class Inbox(Protocol):
    """Where deliveries are."""

    def unread(self, after: int, most: int) -> Iterable[Unread]:
        """The oldest first, from behind `after` on."""
        ...

    def homes(self, repositories: Collection[int]) -> Mapping[int, int]:
        """Installations by repository, of those that are known."""
        ...

    def installations(self) -> frozenset[int]:
        """Those that are known."""
        ...

    def done(self, ids: Iterable[str], now: datetime) -> None:
        """They were read."""
        ...

    def bury(self, delivery: str, repository: int | None, reason: str, now: datetime) -> None:
        """Among the dead letters."""
        ...


class Queue(Protocol):
    """Where jobs wait."""

    def defer(self, subjects: Iterable[Subject]) -> int:
        """As soon as possible; what waits already is fine."""
        ...


class Refresh(Protocol):
    """Asks GitHub which installations and repositories there are, soon."""

    def soon(self, name: str) -> None:
        """A part of the scheduler is due at once."""
        ...

    def silent_since(self, name: str) -> datetime | None:
        """When it was last done."""
        ...


INSTALLATIONS = "installations"


@dataclass(frozen=True, slots=True)
class Drained:
    """What one round came to."""

    read: int = 0
    deferred: int = 0
    dead: int = 0
    held: int = 0
    """Of somewhere unknown, until GitHub has said more."""


@dataclass(slots=True)
class _Round:
    subjects: dict[Subject, None] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    dead: int = 0
    held: int = 0
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class Drain:
    """Reads the inbox."""

    inbox: Inbox
    queue: Queue
    refresh: Refresh
    own_login: str = ""
    """This App's account; what it did itself is passed over."""

    def run(self, now: datetime) -> Drained:
        """Everything that is unread now, in batches. Raises DatabaseError; then the next round goes on from there."""
        after, total = 0, Drained()
        while batch := tuple(self.inbox.unread(after, BATCH)):
            one = self._batch(batch, now)
            total = Drained(
                total.read + one.read, total.deferred + one.deferred, total.dead + one.dead, total.held + one.held
            )
            after = batch[-1].seq
        return total

    def _batch(self, batch: tuple[Unread, ...], now: datetime) -> Drained:
        read = [(each.delivery, understand(each.delivery.event, each.delivery.body, self.own_login)) for each in batch]
        homes = self.inbox.homes(
            {each.repository for _, each in read if isinstance(each, Understood) and each.repository}
        )
        this = _Round()
        for letter, understood in read:
            if isinstance(understood, Senseless):
                self.inbox.bury(letter.id, None, understood.reason, now)
                this.dead += 1
            else:
                self._one(letter, understood, homes, this, now)
        if this.refresh:
            self.refresh.soon(INSTALLATIONS)
        deferred = self.queue.defer(this.subjects)
        self.inbox.done(this.done, now)
        return Drained(len(this.done), deferred, this.dead, this.held)

    def _one(
        self, letter: Letter, understood: Understood, homes: Mapping[int, int], this: _Round, now: datetime
    ) -> None:
        this.refresh = this.refresh or understood.meaning.refresh
        stranger = _stranger(understood, homes) if understood.subjects else ""
        if not stranger:
            this.subjects |= dict.fromkeys(understood.subjects)
            this.done.append(letter.id)
        elif understood.meaning.refresh:
            # What comes of it is seen by the refresh itself: repositories that are new are swept at once.
            this.done.append(letter.id)
        elif self._is_settled(letter, now):
            self.inbox.bury(letter.id, understood.repository, stranger, now)
            this.dead += 1
        else:
            this.refresh = True
            this.held += 1

    def _is_settled(self, letter: Letter, now: datetime) -> bool:
        """Whether GitHub was asked after it came; or could not be asked for a long time, and a person may look."""
        asked = self.refresh.silent_since(INSTALLATIONS)
        return (asked is not None and asked > letter.received_at) or letter.received_at + PATIENCE < now


def _stranger(understood: Understood, homes: Mapping[int, int]) -> str:
    """Why it cannot be acted on; empty if it can."""
    home = homes.get(understood.repository or 0)
    if home is None:
        return f"repository {understood.repository} belongs to no installation of this App"
    if understood.installation is not None and understood.installation != home:
        return f"installation {understood.installation} speaks of a repository of installation {home}"
    return ""
