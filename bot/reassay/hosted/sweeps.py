"""Which repositories to sweep now: a hundred are looked at with one request, and those that changed become jobs."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from reassay.common.calendar import local_date
from reassay.common.errors import LimitError, ReassayError
from reassay.hosted.jobs.runner import Queue
from reassay.hosted.rules.fingerprint import Glance, why_sweep
from reassay.hosted.rules.repository import Claimed, Repository, Stamp
from reassay.hosted.rules.subject import Subject
from reassay.hosted.rules.sweep_schedule import next_sweep

PER_LOOK = 100
PER_CLAIM = 10_000
AHEAD = timedelta(minutes=10)
"""Who is looked at in any case takes its neighbours along: a look costs the same for one as for a hundred."""
LEASE = timedelta(minutes=5)
"""So long a claimed repository is left to whoever claimed it."""


class Waiting(Protocol):
    """Repositories and when they are swept next."""

    def claim(self, now: datetime, ahead: datetime, until: datetime, most: int) -> tuple[Claimed, ...]:
        """Those whose time has come, and those beside them whose time comes before `ahead`."""
        ...

    def stamp(self, stamps: Sequence[Stamp], now: datetime) -> None:
        """Looked at."""
        ...


class Glances(Protocol):
    """Looks at many repositories at once."""

    def glances(self, installation: int, repositories: Sequence[Repository]) -> Mapping[int, Glance]:
        """By id, those that are there, even under a new name; one request for each hundred."""
        ...


class Pauses(Protocol):
    """Of GitHub."""

    def limit(self, installation: int, until: datetime) -> None:
        """GitHub asked for one."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round came to."""

    looked: int = 0
    deferred: int = 0
    failed: tuple[str, ...] = ()
    """What went wrong, by installation; its repositories are looked at again when the lease is over."""


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Looks at what is due."""

    waiting: Waiting
    glances: Glances
    queue: Queue
    pauses: Pauses
    refresh_soon: Callable[[], None]
    """Called when a repository is not where it was."""

    def run(self, now: datetime) -> Swept:
        """Until nothing is due. What fails for one installation leaves the others as they are."""
        looked = deferred = 0
        failed: list[str] = []
        while claimed := self.waiting.claim(now, now + AHEAD, now + LEASE, PER_CLAIM):
            by_installation: dict[int, list[Claimed]] = defaultdict(list)
            for each in claimed:
                by_installation[each.repository.installation].append(each)
            for installation, own in sorted(by_installation.items()):
                try:
                    deferred += self._look(installation, own, now)
                    looked += len(own)
                except LimitError as limit:
                    self.pauses.limit(installation, now + timedelta(seconds=limit.retry_after))
                    failed.append(f"installation {installation}: {limit}")
                except ReassayError as error:
                    failed.append(f"installation {installation}: {error}")
        return Swept(looked, deferred, tuple(failed))

    def _look(self, installation: int, own: Sequence[Claimed], now: datetime) -> int:
        deferred = 0
        for at in range(0, len(own), PER_LOOK):
            some = own[at : at + PER_LOOK]
            seen = self.glances.glances(installation, [each.repository for each in some])
            names = {number: glance.full_name for number, glance in seen.items()}
            if any(names.get(each.repository.id) != each.repository.full_name for each in some):
                self.refresh_soon()
            stamps = {each.repository.id: _stamp(each, seen.get(each.repository.id), now) for each in some}
            due = [each.repository.id for each in some if _is_due(each, seen.get(each.repository.id), now)]
            # Stamped before it is deferred, since a job compares with what was seen before it began; and the time of the
            # next one only afterwards, so that a process that dies in between costs some minutes and not an hour.
            first = [
                replace(each, next_sweep=now + LEASE) if each.repository in due else each for each in stamps.values()
            ]
            self.waiting.stamp(first, now)
            deferred += self.queue.defer(Subject(each) for each in due)
            self.waiting.stamp([stamps[each] for each in due], now)
        return deferred


def _is_due(claimed: Claimed, glance: Glance | None, now: datetime) -> bool:
    return glance is not None and why_sweep(claimed.last, glance, now) is not None


def _stamp(claimed: Claimed, glance: Glance | None, now: datetime) -> Stamp:
    repository = claimed.repository
    # One that was taken along had its turn, but not for a day that has not begun.
    same_day = local_date(now, repository.timezone) == local_date(claimed.due_at, repository.timezone)
    since = max(now, claimed.due_at) if same_day else now
    at = next_sweep(since, repository.timezone, repository.id)
    return Stamp(repository.id, at, glance.fingerprint if glance else None)
