"""Redrive: an operator retries a dead letter."""

from dataclasses import dataclass
from datetime import datetime

from reassay.hosted.dead_letters import DeadLetters
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.rules.overview import DeadLetter
from reassay.hosted.rules.subject import JobSubject


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
