"""The one issue about what waits for triage, as the ledger has it, and its records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.assessment.triage import recent_imports, waiting_signals
from reassay.ledger.entry import Record
from reassay.ledger.history import History, LedgerRecord
from reassay.ledger.signals import TriageClaimed, TriageDone, TriageIssue


@dataclass(frozen=True, slots=True)
class TriageReport:
    """One issue about what waits for triage."""

    record: LedgerRecord
    claim: TriageClaimed
    issue: int | None = None
    """Its number, once recorded."""
    ended: LedgerRecord | None = None
    """The record that nothing waits any more; None while it is open."""


def latest_triage_report(history: History) -> TriageReport | None:
    """The latest of these issues; None if there was none."""
    claims = [TriageReport(record, body) for record, body in history.records_of(TriageClaimed)]
    if not claims:
        return None
    latest = claims[-1]
    numbers = [body.issue for _, body in history.records_of(TriageIssue) if body.nonce == latest.claim.nonce]
    ends = [record for record, body in history.records_of(TriageDone) if body.nonce == latest.claim.nonce]
    return replace(latest, issue=numbers[-1] if numbers else None, ended=ends[-1] if ends else None)


def something_waits(assessment_input: AssessmentInput) -> bool:
    """Whether there is something to triage, or an import that a person should look at."""
    return bool(waiting_signals(assessment_input) or recent_imports(assessment_input))


def triage_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    latest = latest_triage_report(assessment_input.history)
    is_open, waits = latest is not None and latest.ended is None, something_waits(assessment_input)
    if waits and not is_open:
        yield Record(body=TriageClaimed(nonce=nonce, run=claim.run, lease_until=claim.lease_until))
    elif latest is not None and is_open and not waits and latest.issue is not None:
        yield Record(body=TriageDone(nonce=latest.claim.nonce))


def triage_issue_to_read(history: History, since: datetime) -> int | None:
    """The number of the issue, while it is open or was ended after `since`, in case a run ended before closing it."""
    latest = latest_triage_report(history)
    if latest is None or (latest.ended is not None and latest.ended.at < since):
        return None
    return latest.issue
