"""Approving reviews that count as sign-offs where the configuration says so; each is bound to its commit."""

from collections.abc import Iterator

from reassay.approvals.approvals import Approvals
from reassay.approvals.proposal import Review
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.records import sign_offs
from reassay.approvals.row import ApprovalRow
from reassay.assessment.authority import own_seat
from reassay.ledger.entry import Record
from reassay.ledger.pull_requests import ChangeSigned
from reassay.people.people import Seat


def signed_by_review(source: PullRequestSource) -> tuple[Record, ...]:
    """Sign-offs to record: of reviews of the head that are not recorded yet."""
    proposal, assessment_input = source.proposal, source.assessment_input
    if not assessment_input.register.configuration.gate.approve_counts or len(proposal.pulls) != 1:
        return ()
    recorded = {
        (record.body.review, record.actor)
        for record in assessment_input.history.others
        if isinstance(record.body, ChangeSigned)
    }
    approvals = Approvals(source)
    return tuple(
        Record(body=body, actor=review.by.id)
        for review in proposal.reviews
        if review.commit == proposal.head and (review.id, review.by.id) not in recorded
        for body in sign_offs(_signed(review, approvals), approvals, review=review.id)
    )


def _signed(review: Review, approvals: Approvals) -> Iterator[tuple[ApprovalRow, Seat]]:
    """Approval steps that a review signs, in one role. Questions need an answer, which a review does not give."""
    acted = approvals.acted_as(review.by.id)
    for row in approvals.steps:
        seat = _seat(review, row, approvals)
        if seat is not None and acted in {None, seat.recorded}:
            acted = seat.recorded
            yield row, seat


def _seat(review: Review, row: ApprovalRow, approvals: Approvals) -> Seat | None:
    if row.is_signed or review.by.id is None or review.by.is_bot or approvals.excluded(row.requirement, review.by.id):
        return None
    return own_seat(review.by, row.requirement.roles, approvals.assessment_input)
