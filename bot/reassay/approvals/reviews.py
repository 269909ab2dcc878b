"""Approving reviews, where the configuration says that they count: bound to the commit they were given to, and recorded."""

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
    """Signatures to record; nothing that is recorded already, nor of a review of another commit than the head."""
    proposal, situation = source.proposal, source.situation
    if not situation.register.configuration.gate.approve_counts or len(proposal.pulls) != 1:
        return ()
    recorded = {
        (each.body.review, each.actor) for each in situation.history.others if isinstance(each.body, ChangeSigned)
    }
    approvals = Approvals(source)
    return tuple(
        Record(body=body, actor=review.by.id)
        for review in proposal.reviews
        if review.commit == proposal.head and (review.id, review.by.id) not in recorded
        for body in sign_offs(_signed(review, approvals), approvals, review=review.id)
    )


def _signed(review: Review, approvals: Approvals) -> Iterator[tuple[ApprovalRow, Seat]]:
    """Rows that a review signs, in one role; rows with a question need words, which a review has not."""
    acted = approvals.acted_as(review.by.id)
    for row in approvals.steps:
        seat = _seat(review, row, approvals)
        if seat is not None and acted in {None, seat.recorded}:
            acted = seat.recorded
            yield row, seat


def _seat(review: Review, row: ApprovalRow, approvals: Approvals) -> Seat | None:
    if row.is_signed or review.by.id is None or review.by.is_bot or approvals.excluded(row.requirement, review.by.id):
        return None
    return own_seat(review.by, row.requirement.roles, approvals.situation)
