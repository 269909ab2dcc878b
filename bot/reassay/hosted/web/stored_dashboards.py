"""The dashboard of a repository as its page shows it: what a sweep stored, with what has happened since said first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from reassay.common.calendar import day_words, due_words, local_date
from reassay.common.environment import clock_words
from reassay.dashboard.values import Dashboard, DashboardProblem
from reassay.dashboard.verdict_values import DashboardVerdict, VerdictRule
from reassay.hosted.dashboards import DashboardTable, StoredDashboard
from reassay.hosted.rules.repository import RepositoryStatus
from reassay.hosted.verdicts import VerdictTable
from reassay.hosted.web.bounded_cache import BoundedCache

MOST_CELLS: Final = 20_000
"""Cells, records and events of all dashboards that a process keeps in memory, at most; one costs about two kilobytes."""
MOST_LINES: Final = 50_000
"""Rules, rows, changes and groups of all verdicts that a process keeps in memory, at most."""
PATIENCE: Final = timedelta(hours=3)
"""How long after midnight the sweep of the new day may take, before the page says that it is missing."""
OUTDATED: Final = "this dashboard"
_READS: Final = 3
"""A sweep may store another dashboard between the read of its row and that of its document."""


def weight(dashboard: Dashboard) -> int:
    """How much memory a dashboard takes, in parts of it."""
    records = sum(1 + len(record.entries) for subject in dashboard.subjects for record in subject.records)
    days = sum(len(chart.days) for chart in dashboard.incident_charts)
    return 1 + len(dashboard.cells) + len(dashboard.subjects) + len(dashboard.timeline) + records + days


def lines(verdict: DashboardVerdict) -> int:
    """How much memory a verdict takes, in parts of it."""
    missing = sum(1 + len(group.missing) for group in verdict.what_if)
    return 1 + len(verdict.rules) + len(verdict.rows) + len(verdict.changes) + missing


@dataclass(frozen=True, slots=True)
class ShownDashboard:
    """The dashboard of a repository, or why there is none."""

    dashboard: Dashboard | None
    key: str
    """Key of the stored dashboard, and of its pictures."""
    why_not: str = ""
    """Why there is none; empty if there is one."""


@dataclass(frozen=True, slots=True)
class StoredDashboards:
    """Reads dashboards, and keeps the last ones in memory by repository and key. Methods raise DatabaseError."""

    table: DashboardTable
    verdicts: VerdictTable
    memory: BoundedCache[tuple[int, str], Dashboard] = field(
        default_factory=lambda: BoundedCache(MOST_CELLS, weight), repr=False
    )

    explained: BoundedCache[tuple[int, int, str], DashboardVerdict] = field(
        default_factory=lambda: BoundedCache(MOST_LINES, lines), repr=False
    )
    """By repository, pull request and key."""

    def of(self, status: RepositoryStatus, now: datetime) -> ShownDashboard:
        """The dashboard of one repository, which the visitor may read."""
        for _ in range(_READS):
            stored = self.table.find(status.repository.id)
            if stored is None or stored.key is None:
                return ShownDashboard(None, "", stored.failure if stored else "")
            try:
                dashboard = self._read(status.repository.id, stored.key)
            except ValueError:
                why = "what is stored of it cannot be read by this version of reassay; the next sweep makes it again."
                return ShownDashboard(None, "", why)
            if dashboard is not None:
                return self._shown(dashboard, stored, status, now)
        return ShownDashboard(None, "", "sweeps replaced it each time that it was read. Open this page again.")

    def _shown(
        self, dashboard: Dashboard, stored: StoredDashboard, status: RepositoryStatus, now: datetime
    ) -> ShownDashboard:
        problems = (*problems_since(dashboard, stored, status, now), *dashboard.problems)
        today = local_date(now - PATIENCE, dashboard.timezone)
        verdicts = tuple(as_of(verdict, today) for verdict in self._verdicts(status.repository.id))
        shown = dashboard.model_copy(update={"problems": problems, "swept": stored.confirmed_at, "verdicts": verdicts})
        return ShownDashboard(shown, stored.key or "")

    def _verdicts(self, repository: int) -> Iterator[DashboardVerdict]:
        """The verdicts on open pull requests, which jobs of their own judge between two sweeps."""
        for pull, key in self.verdicts.keys(repository).items():
            place = (repository, pull, key)
            verdict = self.explained.get(place)
            if verdict is None:
                try:
                    verdict = self.verdicts.document(*place)
                except ValueError:
                    # Of another version; the next job that judges it stores it again.
                    continue
                if verdict is not None:
                    self.explained.keep(place, verdict)
            if verdict is not None:
                yield verdict

    def _read(self, repository: int, key: str) -> Dashboard | None:
        """None if another one is stored by now. Raises ValueError if it cannot be read."""
        kept = self.memory.get((repository, key))
        if kept is not None:
            return kept
        dashboard = self.table.document(repository, key)
        if dashboard is not None:
            self.memory.keep((repository, key), dashboard)
        return dashboard


def as_of(verdict: DashboardVerdict, today: date) -> DashboardVerdict:
    """A stored verdict as it may be read today: after its last day it is none, and neither are its what-ifs."""
    if verdict.valid_until is None or today <= verdict.valid_until:
        return verdict
    day = day_words(verdict.valid_until, year=True)
    why = f"it was valid until {day} and was not judged again since, so nobody can tell whether it may be merged"
    rule = VerdictRule(name="judged-again", status="error", why=why)
    ended = {"conclusion": "error", "why": why, "valid_until": None, "what_if": (), "not_alone": ()}
    return verdict.model_copy(update={**ended, "rules": (rule, *verdict.rules), "steps": ()})


def _passed(dashboard: Dashboard, now: datetime) -> datetime | None:
    """The first deadline with an hour that has passed since the dashboard was made; None without one."""
    ends = {*(cell.due_at for cell in dashboard.cells), *(duty.due_at for duty in dashboard.duties)}
    return min((end for end in ends if end is not None and dashboard.at < end <= now), default=None)


def problems_since(
    dashboard: Dashboard, stored: StoredDashboard, status: RepositoryStatus, now: datetime
) -> Iterator[DashboardProblem]:
    """What makes a stored dashboard less certain than when it was made."""
    made = clock_words(stored.confirmed_at) if stored.confirmed_at else clock_words(dashboard.at)
    if stored.failure:
        yield DashboardProblem(
            kind="sweep",
            what=OUTDATED,
            why=f"It is of an earlier sweep ({made}): after the last one it could not be made, because {stored.failure}",
            remedy="States may be worse by now. `reassay status` in a checkout shows them.",
        )
    elif local_date(now - PATIENCE, dashboard.timezone) > dashboard.today:
        yield DashboardProblem(
            kind="sweep",
            what=OUTDATED,
            why=f"It shows {day_words(dashboard.today, year=True)}: no sweep has read the repository since then.",
            remedy="States may be worse by now. The operator of this server finds the cause in its log.",
        )
    elif passed := _passed(dashboard, now):
        yield DashboardProblem(
            kind="sweep",
            what=OUTDATED,
            why=f"It is of {made}, and a deadline has passed since then: {due_words(passed.date(), passed)}.",
            remedy="Re-assessments that were due by then and are not decided are overdue. The next sweep shows them.",
        )
    for problem in status.problems:
        message = problem["message"]
        yield DashboardProblem(
            kind="sweep",
            what=problem["what"],
            why=f"The last sweep did not finish: {message}{'' if message.endswith('.') else '.'}",
        )
