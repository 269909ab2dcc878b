"""The one dashboard issue of a repository, as the ledger has it, and its records."""

from collections.abc import Iterator

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.ledger.dashboard import DashboardClaimed, DashboardEnded
from reassay.ledger.entry import Record
from reassay.sweep.repository_issues import DASHBOARD


def has_dashboard(assessment_input: AssessmentInput) -> bool:
    """Whether the configuration asks for a dashboard, and its plan was accepted."""
    configuration = assessment_input.register.configuration
    return configuration.dashboard and configuration.mode is not None


def dashboard_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    latest = DASHBOARD.latest(assessment_input.history)
    is_on, is_wanted = latest is not None and latest.ended is None, has_dashboard(assessment_input)
    if is_wanted and not is_on:
        yield Record(body=DashboardClaimed(nonce=nonce, run=claim.run, lease_until=claim.lease_until))
    elif latest is not None and is_on and not is_wanted and latest.number is not None:
        yield Record(body=DashboardEnded(nonce=latest.claim.nonce))
