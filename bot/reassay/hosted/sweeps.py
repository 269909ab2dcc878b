"""Decides which repositories to sweep: one query reads the activity of 100 of them, and those that changed get a job."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reassay.common.calendar import local_date
from reassay.common.errors import LimitError, ReassayError
from reassay.github.activity_query import ActivityQuery
from reassay.github.app_types import RepositoryActivity
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.rate_limits import RateLimits, pause_until
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.rules.repository import RepositoryClaim, SweepStamp
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.rules.sweep_schedule import next_sweep, why_sweep

PER_QUERY = 100
PER_CLAIM = 10_000
AHEAD = timedelta(minutes=10)
"""Repositories that are due within this time share a query with those that are due now: a query for 100 costs the same."""
LEASE = timedelta(minutes=5)
"""How long a claimed repository is left to the process that claimed it."""


@dataclass(frozen=True, slots=True)
class SweepsResult:
    """Numbers of one run."""

    looked: int = 0
    """Repositories whose activity was read."""
    deferred: int = 0
    """Jobs that were not waiting already."""
    failed: tuple[str, ...] = ()
    """Errors by installation; its repositories are claimed again when the lease ends."""


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Defers a job for each repository that is due and needs a sweep."""

    repositories: RepositoryTables
    activity: ActivityQuery
    queue: JobQueue
    limits: RateLimits
    refresh_soon: Callable[[], None]
    """Called when a repository is missing or has another name."""

    def run(self, now: datetime) -> SweepsResult:
        """Runs until nothing is due. An error of one installation does not affect the others."""
        looked = deferred = 0
        failed: list[str] = []
        while claims := self.repositories.claim(now, now + AHEAD, now + LEASE, PER_CLAIM):
            by_installation: dict[int, list[RepositoryClaim]] = defaultdict(list)
            for claim in claims:
                by_installation[claim.repository.installation].append(claim)
            for installation, own in sorted(by_installation.items()):
                try:
                    deferred += self._look(installation, own, now)
                    looked += len(own)
                except LimitError as limit:
                    self.limits.pause(installation, pause_until(now, limit.retry_after))
                    failed.append(f"installation {installation}: {limit}")
                except ReassayError as error:
                    failed.append(f"installation {installation}: {error}")
        return SweepsResult(looked, deferred, tuple(failed))

    def _look(self, installation: int, claims: Sequence[RepositoryClaim], now: datetime) -> int:
        return sum(
            self._look_at(installation, claims[start : start + PER_QUERY], now)
            for start in range(0, len(claims), PER_QUERY)
        )

    def _look_at(self, installation: int, claims: Sequence[RepositoryClaim], now: datetime) -> int:
        activities = self.activity.read(installation, [claim.repository for claim in claims])
        names = {number: activity.full_name for number, activity in activities.items()}
        if any(names.get(claim.repository.id) != claim.repository.full_name for claim in claims):
            self.refresh_soon()
        stamps = {claim.repository.id: _stamp(claim, activities.get(claim.repository.id), now) for claim in claims}
        due = [claim.repository.id for claim in claims if _is_due(claim, activities.get(claim.repository.id), now)]
        # The activity is stored before the job is deferred, since the job compares with it. The time of the next sweep is
        # stored only afterwards: a process that dies in between then costs some minutes and not an hour.
        first = [
            replace(stamp, next_sweep=now + LEASE) if stamp.repository in due else stamp for stamp in stamps.values()
        ]
        self.repositories.stamp(first, now)
        deferred = self.queue.defer(JobSubject(repository) for repository in due)
        self.repositories.stamp([stamps[repository] for repository in due], now)
        return deferred


def _is_due(claim: RepositoryClaim, activity: RepositoryActivity | None, now: datetime) -> bool:
    return activity is not None and why_sweep(claim.last, activity, now) is not None


def _stamp(claim: RepositoryClaim, activity: RepositoryActivity | None, now: datetime) -> SweepStamp:
    repository = claim.repository
    # A repository that was due in a few minutes counts as looked at then, unless that is on the next day.
    same_day = local_date(now, repository.timezone) == local_date(claim.due_at, repository.timezone)
    since = max(now, claim.due_at) if same_day else now
    at = next_sweep(since, repository.timezone, repository.id)
    return SweepStamp(repository.id, at, activity.fingerprint if activity else None)
