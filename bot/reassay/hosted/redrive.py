"""An operator has a dead letter tried again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reassay.hosted.rules.overview import DeadLetter
from reassay.hosted.rules.subject import Subject


class Deliveries(Protocol):
    """The inbox."""

    def redrive(self, delivery: str, now: datetime) -> bool:
        """Back among the unread. False if there is no such letter."""
        ...


class Jobs(Protocol):
    """Subjects that failed too often."""

    def redrive(self, subject: Subject, now: datetime) -> bool:
        """Noted that a person asked. False if there is no such letter."""
        ...


class Queue(Protocol):
    """Where jobs wait."""

    def defer(self, subjects: Iterable[Subject]) -> int:
        """As soon as possible."""
        ...


@dataclass(frozen=True, slots=True)
class Redrive:
    """Of either kind."""

    deliveries: Deliveries
    jobs: Jobs
    queue: Queue

    def __call__(self, letter: DeadLetter, now: datetime) -> bool:
        """False if it is not there any more, or if this version cannot read what it is about. Raises DatabaseError."""
        if letter.kind == "delivery":
            return self.deliveries.redrive(letter.key, now)
        number, _, text = letter.key.partition("/")
        subject = Subject.read(int(number), text) if number.isdigit() else None
        if subject is None or not self.jobs.redrive(subject, now):
            return False
        self.queue.defer([subject])
        return True
