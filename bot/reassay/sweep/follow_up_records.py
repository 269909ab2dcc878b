"""Claims of issues for follow-ups, and the issues that a sweep reads for them."""

from collections.abc import Callable, Iterator
from datetime import datetime

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.follow_ups import TrackedFollowUp, follow_ups_of
from reassay.assessment.schedule.plan import Claim
from reassay.ledger.entry import Record
from reassay.ledger.follow_ups import FollowUpClaimed
from reassay.ledger.history import History


def follow_up_records(assessment_input: AssessmentInput, claim: Claim, nonce: Callable[[], str]) -> Iterator[Record]:
    """One claim for each open follow-up of a decision in force that has none.

    Those of decisions that were replaced before follow-ups had issues get none; the audit pack lists them.
    """
    promised = assessment_input.register_index.follow_ups
    in_force = _in_force(assessment_input) if promised else frozenset()
    for name, own in promised.items():
        if name not in in_force:
            continue
        for follow_up in own:
            if follow_up.is_open and follow_up.claimed is None:
                yield Record(
                    body=FollowUpClaimed(
                        reassessment=name,
                        number=follow_up.number,
                        nonce=nonce(),
                        run=claim.run,
                        lease_until=claim.lease_until,
                    )
                )


def _in_force(assessment_input: AssessmentInput) -> frozenset[str]:
    """Ids of re-assessments whose decision is the last about their subject, or about one of its cells."""
    index = assessment_input.history_index
    last = {own.reassessment.id for by_cell in index.last.values() for own in by_cell.values()}
    return frozenset(last | {own.id for own in index.latest.values()})


def tracked(history: History) -> tuple[TrackedFollowUp, ...]:
    """Every follow-up with a claim, in order of the ledger."""
    return tuple(
        follow_up for own in follow_ups_of(history).values() for follow_up in own if follow_up.claimed is not None
    )


def issues_to_read(history: History, since: datetime) -> frozenset[int]:
    """Numbers of the issues of open follow-ups, and of those that ended after `since`, in case a run ended before closing one."""
    return frozenset(
        follow_up.issue
        for follow_up in tracked(history)
        if follow_up.issue is not None and (follow_up.is_open or _ended_after(follow_up, history, since))
    )


def _ended_after(follow_up: TrackedFollowUp, history: History, since: datetime) -> bool:
    if follow_up.progress == "verified":
        return follow_up.checked is not None and follow_up.checked.at >= since
    reassessment = history.reassessments[follow_up.reassessment]
    if follow_up.progress == "withdrawn":
        return any(record.seq == reassessment.withdrawn_seq and record.at >= since for record in reassessment.log)
    return any(record.at >= since for record in history.ended.values())
