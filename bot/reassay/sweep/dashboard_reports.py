"""The one dashboard issue of a repository, as the ledger has it, and its records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.ledger.dashboard import DashboardClaimed, DashboardEnded, DashboardIssue
from reassay.ledger.entry import Record
from reassay.ledger.history import History, LedgerRecord


@dataclass(frozen=True, slots=True)
class DashboardReport:
    """One dashboard issue."""

    record: LedgerRecord
    claim: DashboardClaimed
    issue: int | None = None
    """Its number, once recorded."""
    ended: LedgerRecord | None = None
    """The record that it was switched off; None while it is on."""


def latest_dashboard(history: History) -> DashboardReport | None:
    """The latest of these issues; None if there was none."""
    claims = [DashboardReport(record, body) for record, body in history.records_of(DashboardClaimed)]
    if not claims:
        return None
    latest = claims[-1]
    numbers = [body.issue for _, body in history.records_of(DashboardIssue) if body.nonce == latest.claim.nonce]
    ends = [record for record, body in history.records_of(DashboardEnded) if body.nonce == latest.claim.nonce]
    return replace(latest, issue=numbers[-1] if numbers else None, ended=ends[-1] if ends else None)


def has_dashboard(assessment_input: AssessmentInput) -> bool:
    """Whether the configuration asks for a dashboard, and its plan was accepted."""
    configuration = assessment_input.register.configuration
    return configuration.dashboard and configuration.mode is not None


def dashboard_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    latest = latest_dashboard(assessment_input.history)
    is_on, is_wanted = latest is not None and latest.ended is None, has_dashboard(assessment_input)
    if is_wanted and not is_on:
        yield Record(body=DashboardClaimed(nonce=nonce, run=claim.run, lease_until=claim.lease_until))
    elif latest is not None and is_on and not is_wanted and latest.issue is not None:
        yield Record(body=DashboardEnded(nonce=latest.claim.nonce))


def dashboard_issue_to_read(history: History, since: datetime) -> int | None:
    """The number of the issue, while it is on or was ended after `since`, in case a run ended before closing it."""
    latest = latest_dashboard(history)
    if latest is None or (latest.ended is not None and latest.ended.at < since):
        return None
    return latest.issue
