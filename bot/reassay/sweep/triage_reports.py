"""The one issue about what waits for triage, as the ledger has it, and its records."""

from collections.abc import Iterator

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.assessment.triage import recent_imports, waiting_signals
from reassay.ledger.entry import Record
from reassay.ledger.signals import TriageClaimed, TriageDone
from reassay.sweep.repository_issues import TRIAGE


def something_waits(assessment_input: AssessmentInput) -> bool:
    """Whether there is something to triage, or an import that a person should look at."""
    return bool(waiting_signals(assessment_input) or recent_imports(assessment_input))


def triage_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    latest = TRIAGE.latest(assessment_input.history)
    is_open, waits = latest is not None and latest.ended is None, something_waits(assessment_input)
    if waits and not is_open:
        yield Record(body=TriageClaimed(nonce=nonce, run=claim.run, lease_until=claim.lease_until))
    elif latest is not None and is_open and not waits and latest.number is not None:
        yield Record(body=TriageDone(nonce=latest.claim.nonce))
