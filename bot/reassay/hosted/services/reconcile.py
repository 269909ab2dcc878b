"""One job: look at a subject of a repository and bring it to what it should be. What came of it is a value."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reassay.assessment.views.documents import status_document
from reassay.common.clock import Clock
from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    RenamedError,
    SpentError,
    StaleHeadError,
    UnavailableError,
)
from reassay.hosted.rules.instants import instants
from reassay.hosted.rules.schedule import next_sweep
from reassay.hosted.rules.subject import Subject
from reassay.hosted.services.known import Repository, Swept
from reassay.sweep.interpreters import Allowance
from reassay.sweep.run_context import RunContext
from reassay.sweep.sweep import Options, Report, sweep

BUSY_SECONDS = 5.0
"""Until a job comes again whose installation has as many running as it may."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is as it should be."""

    report: Report


@dataclass(frozen=True, slots=True)
class Later:
    """It goes on another time."""

    why: str
    counts: bool
    """Whether it counts as a failure of this subject."""
    seconds: float | None = None
    """None: as the back-off says."""


@dataclass(frozen=True, slots=True)
class LimitedUntil:
    """GitHub asks for a pause of the whole installation."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing to do, and trying again does not change that."""

    why: str


Outcome = Done | Later | LimitedUntil | Gone


class Known(Protocol):
    """The repositories there are."""

    def find(self, repository: int) -> Repository | None:
        """None if it is of no installation that is at work."""
        ...

    def rename(self, repository: int, full_name: str) -> None:
        """GitHub calls it so now."""
        ...

    def swept(self, repository: int, swept: Swept) -> None:
        """How a sweep ended."""
        ...


class Pauses(Protocol):
    """What an installation may do."""

    def limited_until(self, installation: int, now: datetime) -> datetime | None:
        """When GitHub's pause ends; None if there is none."""
        ...

    def limit(self, installation: int, until: datetime) -> None:
        """GitHub asked for a pause."""
        ...

    def slot(self, installation: int) -> AbstractContextManager[bool]:
        """Whether one more job may run."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What one run is given."""

    ports: RunContext
    allowance: Allowance


class Workshop(Protocol):
    """Gives a run access to one repository of one installation, and to nothing else."""

    def open(self, repository: Repository) -> AbstractContextManager[Work]:
        """Raises NotAllowedError, NotFoundError or RejectedError if the installation does not have it."""
        ...

    def forget(self, repository: Repository) -> None:
        """What is kept of it may be what is wrong: the next run begins anew."""
        ...


class Listing(Protocol):
    """Knows which repositories there are."""

    def refresh_soon(self) -> None:
        """What is listed is not true any more."""
        ...


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Runs jobs, one after the other or in several threads."""

    known: Known
    pauses: Pauses
    workshop: Workshop
    listing: Listing
    clock: Clock

    def run(self, subject: Subject) -> Outcome:
        """Never raises for what GitHub or the repository says; raises what the database does."""
        repository = self.known.find(subject.repository)
        if repository is None:
            # It may be new: once it is listed, it is swept.
            self.listing.refresh_soon()
            return Gone("it is of no installation of this App")
        until = self.pauses.limited_until(repository.installation, self.clock.now())
        if until is not None:
            return LimitedUntil(until, "GitHub asked for a pause")
        with self.pauses.slot(repository.installation) as free:
            if not free:
                return Later("as many jobs of the installation run as may", counts=False, seconds=BUSY_SECONDS)
            outcome = self._work(repository, subject)
        if isinstance(outcome, LimitedUntil):
            self.pauses.limit(repository.installation, outcome.at)
        if isinstance(outcome, Later) and outcome.counts:
            self.workshop.forget(repository)
        return outcome

    def _work(self, repository: Repository, subject: Subject) -> Outcome:
        try:
            with self.workshop.open(repository) as work:
                report = sweep(work.ports, _options(subject), work.allowance, _silent)
        except (NotAllowedError, NotFoundError, RejectedError) as error:
            self.workshop.forget(repository)
            self.listing.refresh_soon()
            return Gone(f"its installation gives no access: {error}")
        except ReassayError as error:
            return outcome_of([error], str(error), self.clock.now()) or Later(str(error), counts=True)
        renamed = next((each.error for each in report.problems if isinstance(each.error, RenamedError)), None)
        if renamed is not None:
            self._renamed(repository, renamed)
            return Later(str(renamed), counts=False, seconds=1.0)
        outcome = judged(report, self.clock.now())
        self._store(repository, subject, report, outcome)
        return outcome

    def _renamed(self, repository: Repository, renamed: RenamedError) -> None:
        """The token is for an id: whoever gives the next one says what that is called."""
        self.workshop.forget(repository)
        self.listing.refresh_soon()
        if renamed.name.lower() != repository.full_name.lower():
            self.known.rename(repository.id, renamed.name)

    def _store(self, repository: Repository, subject: Subject, report: Report, outcome: Outcome) -> None:
        """Only a run that looked at everything says how the repository stands."""
        if subject.kind not in {"repository", "issue"}:
            return
        now = self.clock.now()
        situation, content = report.situation, report.content
        timezone = situation.register.configuration.timezone if situation else None
        provenance = (
            {"register": content.commit[:12], "ledger": content.ledger.anchor, "trust": report.trust} if content else {}
        )
        swept = Swept(
            at=now,
            fine=isinstance(outcome, Done | Gone),
            fingerprint=repository.looked if subject.kind == "repository" else None,
            problems=_problems(report),
            timezone=timezone,
            status=status_document(report.cells, situation.now, provenance) if situation else None,
            instants=instants(report.cells, situation) if situation else None,
            next_sweep=next_sweep(now, timezone, repository.id) if timezone else None,
        )
        self.known.swept(repository.id, swept)


def _options(subject: Subject) -> Options:
    match subject.kind:
        case "issue":
            return Options(issue=subject.number)
        case "pull":
            return Options(pull=subject.number)
        case "group":
            return Options(group=subject.commit, base=subject.base)
        case _:
            return Options()


def judged(report: Report, now: datetime) -> Outcome:
    """What a report means for the job."""
    why = "; ".join(f"{each.what}: {each.message}" for each in report.problems)
    errors = [each.error for each in report.problems]
    if report.content is None and any(isinstance(error, NotFoundError) for error in errors):
        return Gone(why)
    found = outcome_of([error for error in errors if error is not None], why, now)
    if found is not None:
        return found
    if report.problems:
        return Later(why, counts=True)
    if report.left and not report.dry_run:
        return Later(f"{report.left} more wait", counts=False, seconds=1.0)
    if report.again_at is not None and not report.dry_run:
        return Later(
            "another run is at it", counts=False, seconds=max(1.0, (report.again_at - now).total_seconds() + 1)
        )
    return Done(report)


def outcome_of(errors: list[ReassayError], why: str, now: datetime) -> Outcome | None:
    """Where waiting helps; None if that cannot be said of all of them."""
    limits = [error for error in errors if isinstance(error, LimitError)]
    asked = [error.retry_after for error in limits if not isinstance(error, SpentError)]
    if asked:
        return LimitedUntil(now + timedelta(seconds=max(asked)), why)
    if limits:
        return Later(why, counts=False, seconds=max(error.retry_after for error in limits))
    if errors and all(isinstance(error, UnavailableError | StaleHeadError) for error in errors):
        return Later(why, counts=False)
    return None


def _problems(report: Report) -> tuple[Mapping[str, str], ...]:
    return tuple({"what": each.what, "message": each.message} for each in report.problems)


def _silent(_line: str) -> None:
    """What a run does stands in the ledger and on GitHub."""
