"""Pages read the row of a dashboard and then its document; a sweep may store another one between the two."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from reassay.dashboard.values import Dashboard
from reassay.github.app_types import HostedRepository
from reassay.hosted.dashboards import DashboardTable, StoredDashboard
from reassay.hosted.database.database import Database
from reassay.hosted.rules.repository import RepositoryStatus
from reassay.hosted.verdicts import VerdictTable
from reassay.hosted.web.stored_dashboards import ShownDashboard, StoredDashboards
from tests.make import Story, mitigation, register
from tests.unit.dashboard.building import built

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass
class Rows:
    """A table whose row is replaced after each of the first reads of it."""

    dashboard: Dashboard
    replaced: int
    key: int = 0

    def find(self, _repository: int) -> StoredDashboard:
        row = StoredDashboard(str(self.key), NOW, str(self.key), "")
        if self.key < self.replaced:
            self.key += 1
        return row

    def document(self, _repository: int, key: str) -> Dashboard | None:
        return self.dashboard if key == str(self.key) else None


class NoVerdicts(VerdictTable):
    def keys(self, repository: int) -> dict[int, str]:
        return {}


def shown(replaced: int) -> ShownDashboard:
    dashboard = built(Story(register(mitigation())))
    rows = cast("DashboardTable", Rows(dashboard, replaced))
    status = RepositoryStatus(HostedRepository(1, 1, "lab/framework"), NOW, finished=True)
    return StoredDashboards(rows, NoVerdicts(cast("Database", None))).of(status, NOW)


def test_a_dashboard_that_is_replaced_while_it_is_read_is_shown_as_it_is_now() -> None:
    assert [shown(times).key for times in (0, 1, 2)] == ["0", "1", "2"]
    assert all(shown(times).dashboard is not None for times in (0, 1, 2))


def test_one_that_is_always_replaced_is_not_called_unreadable() -> None:
    found = shown(99)
    assert found.dashboard is None
    assert found.why_not == "sweeps replaced it each time that it was read. Open this page again."
