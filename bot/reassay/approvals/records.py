"""The ledger records of signed answers and sign-offs, one for each seat."""

from collections.abc import Iterable
from dataclasses import dataclass

from reassay.approvals.approvals import Approvals
from reassay.approvals.row import ApprovalRow, Requirement
from reassay.ledger.answers import Answered, AnswerWord, SignedAs, SignedItem
from reassay.ledger.entry import Body
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.people.people import Seat


@dataclass(frozen=True, slots=True)
class _Group:
    """Values that the rows of one record have in common."""

    role: str
    lender: int | None
    says: SignedAs
    step: str | None
    """The id of an approval step of a re-assessment, which has a record of its own."""


def signed_answer(
    row: ApprovalRow, word: AnswerWord, because: str | None, seat: Seat, approvals: Approvals
) -> Answered | ChangeAnswered:
    """An answer by the role of the question, which is signed at once. `because` is a digest."""
    answered = approvals.source.answered(row.requirement, word, because, seat)
    return answered.model_copy(update={"signed": approvals.source.digest(row.requirement, answered)})


def sign_offs(
    signed: Iterable[tuple[ApprovalRow, Seat]], approvals: Approvals, note: str | None = None, review: int | None = None
) -> tuple[Body, ...]:
    """Approval steps, then the other rows. `note` is a digest. A question without an answer is left out: nobody signs it."""
    groups: dict[_Group, tuple[Requirement, Seat, list[SignedItem]]] = {}
    for row, seat in signed:
        if row.digest is None:
            continue
        asked = row.requirement
        group = _Group(seat.recorded, seat.lender_id, asked.says, asked.id if asked.step is not None else None)
        _, _, items = groups.setdefault(group, (asked, seat, []))
        items.append(SignedItem(item=asked.id, digest=row.digest))
    ordered = sorted(groups.items(), key=lambda group: group[0].step is None)
    source = approvals.source
    records = (source.signed(asked, items, seat, note, review) for _, (asked, seat, items) in ordered)
    return tuple(records)
