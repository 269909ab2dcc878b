"""Approving reviews that count as sign-offs where the configuration says so; each is bound to its commit.

A review counts as the command would: it has seen a verdict on the present content, and comes after the rows before its own.
What a person says last counts: requesting changes, or a dismissal, takes back what their approval signed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from reassay.approvals.approvals import Approvals
from reassay.approvals.proposal import Review
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.records import sign_offs
from reassay.approvals.row import ApprovalRow, Signature
from reassay.assessment.authority import own_seat
from reassay.ledger.entry import Record
from reassay.ledger.pull_requests import ChangeSigned
from reassay.people.people import Seat


def signed_by_review(source: PullRequestSource) -> tuple[Record, ...]:
    """Records of reviews: sign-offs of approvals that are not recorded yet, and withdrawals of those that were taken back."""
    proposal, assessment_input = source.proposal, source.assessment_input
    if not assessment_input.register.configuration.gate.approve_counts or len(proposal.pulls) != 1:
        return ()
    return (*_withdrawn(source), *(_signed_now(source) if proposal.is_known else ()))


def _withdrawn(source: PullRequestSource) -> Iterator[Record]:
    rows: dict[int, list[str]] = {}
    for given in source.sign_offs:
        if given.record.actor is not None and source.taken_back(given):
            rows.setdefault(given.record.actor, []).append(given.requirement)
    for person, ids in rows.items():
        yield Record(body=source.withdrawn(ids), actor=person)


def _signed_now(source: PullRequestSource) -> Iterator[Record]:
    """A review for a later row is recorded once the rows before it are: ask again after each record."""
    approvals = Approvals(source)
    for review in sorted(_fresh(source), key=lambda review: review.at):
        if not _why_not(review, approvals):
            for body in sign_offs(_signed(review, approvals), approvals, review=review.id):
                yield Record(body=body, actor=review.by.id)


def _fresh(source: PullRequestSource) -> Iterator[Review]:
    """Approving reviews of the head without a record."""
    recorded = {
        (record.body.review, record.actor)
        for record in source.assessment_input.history.others
        if isinstance(record.body, ChangeSigned)
    }
    for review in source.proposal.reviews or ():
        if review.approves and review.commit == source.proposal.head and (review.id, review.by.id) not in recorded:
            yield review


def _why_not(review: Review, approvals: Approvals) -> str:
    """Why a review has not seen what it would sign, in half a sentence; empty if it has."""
    if not isinstance(approvals.source, PullRequestSource):
        return ""
    shown = approvals.source.proposal.shown_before(review.at)
    if shown is None:
        return "it came before the check had reported"
    return "" if shown.content == approvals.content else "the content has changed since"


def without_effect(approvals: Approvals) -> Iterator[str]:
    """Approving reviews of the head that sign nothing, each with its reason."""
    if not isinstance(approvals.source, PullRequestSource):
        return
    for review in _fresh(approvals.source):
        why = _why_not(review, approvals)
        late = next((row for row, _ in _mine(review, approvals) if not _after(review, row, approvals)), None)
        if not why and late is not None:
            why = f"it came before the rows before row {late.number} were signed off"
        if why:
            yield f"@{review.by.login}'s approving review: {why}. Approve again to sign off"


def _signed(review: Review, approvals: Approvals) -> Iterator[tuple[ApprovalRow, Seat]]:
    """Approval steps that a review signs, in one role. Questions need an answer, which a review does not give."""
    return ((row, seat) for row, seat in _mine(review, approvals) if _after(review, row, approvals))


def _mine(review: Review, approvals: Approvals) -> Iterator[tuple[ApprovalRow, Seat]]:
    acted = approvals.acted_as(review.by.id)
    for row in approvals.steps:
        seat = _seat(review, row, approvals)
        if seat is not None and acted in {None, seat.recorded}:
            acted = seat.recorded
            yield row, seat


def _seat(review: Review, row: ApprovalRow, approvals: Approvals) -> Seat | None:
    if row.is_signed or row.is_signed_by(review.by.id):
        return None
    if review.by.id is None or review.by.is_bot:
        return None
    seat = own_seat(review.by, row.requirement.roles, approvals.assessment_input)
    if seat is None or approvals.excluded(row.requirement, review.by.id, seat.lender_id):
        return None
    return seat


def _after(review: Review, row: ApprovalRow, approvals: Approvals) -> bool:
    """Whether a review came after every row before its own was complete."""
    earlier = approvals.earlier(row)
    given = {own.id: own.at for own in _reviews(approvals)}
    ends = (_at(signature, given) for other in earlier for signature in other.signatures if signature.counts)
    return all(other.is_signed for other in earlier) and all(end is not None and end < review.at for end in ends)


def _reviews(approvals: Approvals) -> tuple[Review, ...]:
    return (approvals.source.proposal.reviews or ()) if isinstance(approvals.source, PullRequestSource) else ()


def _at(signature: Signature, reviews: Mapping[int, datetime]) -> datetime | None:
    """When a person signed: with their comment or review, not when it was recorded."""
    record = signature.record
    if record.comment is not None:
        return record.comment.created_at
    body = record.body
    review = body.review if isinstance(body, ChangeSigned) else None
    return reviews.get(review, record.at) if review is not None else record.at
