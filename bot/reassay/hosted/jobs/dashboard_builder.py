"""Makes and stores the dashboard of a repository after a sweep, if anything that it shows can have changed."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from reassay import __version__
from reassay.assessment.views.documents import status_document
from reassay.common.errors import ReassayError, UpstreamError
from reassay.common.json_text import to_json
from reassay.dashboard.build import build_dashboard
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.gather import DashboardOptions, input_of_report, of_register_alone
from reassay.dashboard.horizon import AHEAD
from reassay.dashboard.values import SCHEMA, Dashboard
from reassay.github.app_types import HostedRepository
from reassay.hosted.dashboards import DashboardTable
from reassay.hosted.database.database import DatabaseError
from reassay.ledger.state import LedgerState
from reassay.sweep.report import Report

Build = Callable[[DashboardInput], Dashboard]
ReadLedger = Callable[[LedgerState, Iterable[str]], Mapping[str, object]]
"""Reads parsed objects of a ledger by digest; missing ones are left out."""


@dataclass(frozen=True, slots=True)
class DashboardBuilder:
    """Called after each sweep that evaluated all cells of a repository."""

    table: DashboardTable
    server_url: str
    log: Callable[[str, Exception], None]
    """Called with the name of a repository and the error for which it has no new dashboard."""
    build: Build = build_dashboard

    def run(self, repository: HostedRepository, report: Report, read: ReadLedger, now: datetime) -> None:
        """Stores the dashboard, for which `read` reads objects of the ledger.

        A failure is stored and logged, and does not fail the job. Of a refused ledger the dashboard shows the register alone.
        Raises DatabaseError.
        """
        report = of_register_alone(report)
        content, assessment_input = report.content, report.assessment_input
        if content is None or assessment_input is None:
            # The sweep ended before it had read the register: the page says so, and what is stored stays.
            return
        key = dashboard_key(report)
        stored = self.table.find(repository.id)
        if stored is not None and stored.key == key:
            self.table.confirm(repository.id, key, now)
            return
        if stored is not None and stored.tried == key:
            return
        url, ahead = f"{self.server_url}/{report.repository}", AHEAD.after(assessment_input.today)
        try:
            inputs = input_of_report(report, partial(read, content.ledger), DashboardOptions(url, __version__, ahead))
            if inputs is not None:
                # Pages add the problems of the last sweep, which may be a later one than this.
                self.table.keep(repository.id, key, self.build(replace(inputs, sweep_problems=())), now)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 -- the sweep is done, and its outcome must not depend on a view of it
            self.log(report.repository, error)
            # What git or GitHub did not give may be there at the next sweep; anything else fails again until something changes.
            self.table.fail(repository.id, "" if isinstance(error, UpstreamError) else key, failure_words(error))


def failure_words(error: Exception) -> str:
    """Why there is no dashboard, for its readers: of an unexpected error only its kind, because its text may quote anything."""
    if isinstance(error, ReassayError):
        return str(error)
    return f"an internal error occurred ({type(error).__name__}); the operator finds the cause in the log."


def dashboard_key(report: Report) -> str:
    """A digest of everything from which the dashboard of a sweep is made; a forecast is made only if it differs."""
    content, assessment_input = report.content, report.assessment_input
    parts: Mapping[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "repository": report.repository,
        "register": content.commit if content else "",
        "ledger": content.ledger.head if content else "",
        "day": assessment_input.today.isoformat() if assessment_input else "",
        "trust": report.trust,
        "refused": report.refused.why if report.refused else "",
        # States change within a day too: deadlines have an hour, sources fall silent.
        "status": status_document(report.cells, assessment_input, {}) | {"at": ""} if assessment_input else {},
    }
    return hashlib.sha256(to_json(parts).encode()).hexdigest()
