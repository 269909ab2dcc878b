"""The one issue about what cannot be read in the register any more, as the ledger has it, and its records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.assessment.unreadable import UnreadableObject
from reassay.ledger.entry import Record
from reassay.ledger.history import History, LedgerRecord
from reassay.ledger.sweep_records import ReadableAgain, UnreadableClaimed, UnreadableIssue


@dataclass(frozen=True, slots=True)
class UnreadableReport:
    """One issue about what cannot be read."""

    record: LedgerRecord
    claim: UnreadableClaimed
    issue: int | None = None
    """Its number, once recorded."""
    ended: LedgerRecord | None = None
    """The record that everything could be read again; None while it is open."""


def latest_report(history: History) -> UnreadableReport | None:
    """The latest of these issues; None if there was none."""
    claims = [UnreadableReport(record, body) for record, body in history.records_of(UnreadableClaimed)]
    if not claims:
        return None
    latest = claims[-1]
    numbers = [body.issue for _, body in history.records_of(UnreadableIssue) if body.nonce == latest.claim.nonce]
    ends = [record for record, body in history.records_of(ReadableAgain) if body.nonce == latest.claim.nonce]
    return replace(latest, issue=numbers[-1] if numbers else None, ended=ends[-1] if ends else None)


def unreadable_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    unreadable = assessment_input.register_index.unreadable
    latest = latest_report(assessment_input.history)
    is_open = latest is not None and latest.ended is None
    if unreadable and not is_open:
        last, prior = assessment_input.last_readable, assessment_input.register.prior
        body = UnreadableClaimed(
            nonce=nonce,
            run=claim.run,
            lease_until=claim.lease_until,
            objects=tuple(dict.fromkeys(object_key(own) for own in unreadable)),
            readable=last.commit if last else None,
            configuration=prior.commit if prior else None,
        )
        yield Record(body=body)
    elif latest is not None and is_open and not unreadable and latest.issue is not None:
        yield Record(body=ReadableAgain(nonce=latest.claim.nonce))


def object_key(own: UnreadableObject) -> str:
    """`mitigation/jailbreak-filter`; without an id, or without a kind, what there is of it."""
    kind = own.kind or "entry"
    return f"{kind}/{own.id}" if own.id else kind


def issue_to_read(history: History, since: datetime) -> int | None:
    """The number of the issue, while it is open or was ended after `since`, in case a run ended before closing it."""
    latest = latest_report(history)
    if latest is None or (latest.ended is not None and latest.ended.at < since):
        return None
    return latest.issue
