"""Explains and stores the verdicts of a sweep after they were published, if they changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reassay import __version__
from reassay.dashboard.values import SCHEMA
from reassay.dashboard.verdict import explained_verdict, with_what_if
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.gate.decide import decide
from reassay.github.app_types import HostedRepository
from reassay.hosted.database.database import DatabaseError
from reassay.hosted.verdicts import VerdictTable
from reassay.sweep.report import JudgedPull, Report


@dataclass(frozen=True, slots=True)
class VerdictBuilder:
    """Called after each sweep, whatever it was about."""

    table: VerdictTable
    log: Callable[[str, Exception], None]
    """Called with the name of a pull request and the error for which its verdict is not explained."""

    def run(self, repository: HostedRepository, report: Report, now: datetime, *, is_whole: bool) -> None:
        """Stores verdicts that changed, and forgets those on pull requests that are not open. Raises DatabaseError.

        A failure is logged, and does not fail the job: then nothing is stored of that pull request. `is_whole`: whether the
        sweep was about the whole repository, so that it judged every open pull request.
        """
        if report.refused is not None and not report.dry_run:
            # Every check fails from now on, whatever was judged before.
            self.table.drop(repository.id, self.table.keys(repository.id).keys())
        if report.assessment_input is None or report.dry_run:
            return
        stored = self.table.keys(repository.id)
        gone = set(report.closed_pulls)
        if is_whole:
            gone |= stored.keys() - {judged.number for judged in report.judged}
        for judged in report.judged:
            try:
                self._keep(repository, judged, stored.get(judged.number), now)
            except DatabaseError:
                raise
            except Exception as error:  # noqa: BLE001 -- the check is published, and must not depend on a view of it
                self.log(f"{report.repository}#{judged.number}", error)
                gone.add(judged.number)
        self.table.drop(repository.id, gone & stored.keys())

    def _keep(self, repository: HostedRepository, judged: JudgedPull, stored: str | None, now: datetime) -> None:
        facts = judged.gate_input
        verdict = decide(facts)
        name = f"pull-{judged.number}"
        explained = explained_verdict(facts, verdict, name=name, title=judged.title, judged_at=now)
        key = verdict_key(explained)
        if key != stored:
            self.table.keep(repository.id, judged.number, key, with_what_if(explained, facts, verdict))


def verdict_key(verdict: DashboardVerdict) -> str:
    """A digest of a verdict without what-if, whenever it was judged: who may sign what decides what-if too."""
    shown = verdict.model_dump_json(exclude={"judged_at", "seq"})
    return hashlib.sha256(f"{SCHEMA} {__version__} {shown}".encode()).hexdigest()
