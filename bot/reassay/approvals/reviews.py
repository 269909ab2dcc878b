"""Approving reviews, where the configuration says that they count: bound to the commit they were given to, and recorded."""

from collections.abc import Iterator
from dataclasses import dataclass

from reassay.approvals.change_sheet import ChangeRow, ChangeSheet
from reassay.gate.facts import GateFacts, Review
from reassay.ledger.answers import SignedItem
from reassay.ledger.entry import Record
from reassay.ledger.pull_requests import ChangeSigned
from reassay.people.people import Seat, seat


@dataclass(frozen=True, slots=True)
class _Signing:
    row: ChangeRow
    seat: Seat


def signed_by_review(facts: GateFacts) -> tuple[Record, ...]:
    """Signatures to record; nothing that is recorded already, nor of a review of another commit than the head."""
    if not facts.situation.register.configuration.gate.approve_counts or len(facts.proposal.pulls) != 1:
        return ()
    known = {
        (each.body.review, each.actor) for each in facts.situation.history.others if isinstance(each.body, ChangeSigned)
    }
    sheet = ChangeSheet(facts)
    return tuple(
        record
        for review in facts.proposal.reviews
        if review.commit == facts.proposal.head and (review.id, review.by.id) not in known
        for record in _records(review, sheet)
    )


def _records(review: Review, sheet: ChangeSheet) -> Iterator[Record]:
    """One for each role; rows with a question need words, which a review has not."""
    facts = sheet.facts
    acted = sheet.acted_as(review.by.id or 0)
    by_role: dict[tuple[str, int | None, str], list[SignedItem]] = {}
    for row in sheet.rows:
        found = _seat(review, row, sheet)
        if found is None or row.digest is None or (acted is not None and acted != found.recorded):
            continue
        acted = found.recorded
        lent = found.for_account.id if found.for_account else None
        by_role.setdefault((found.recorded, lent, row.demand.kind), []).append(
            SignedItem(item=row.demand.id, digest=row.digest)
        )
    for (role, lent, kind), items in by_role.items():
        body = ChangeSigned(
            pull=facts.proposal.pulls[0],
            base=facts.proposal.base_ref,
            head=facts.proposal.head,
            role=role,
            says=kind,  # type: ignore[arg-type] # kinds of steps are kinds of signatures
            items=tuple(items),
            for_account=lent,
            review=review.id,
        )
        yield Record(body=body, actor=review.by.id)


def _seat(review: Review, row: ChangeRow, sheet: ChangeSheet) -> Seat | None:
    situation = sheet.facts.situation
    if row.demand.question is not None or row.is_signed or review.by.id is None or review.by.is_bot:
        return None
    if sheet.barred(row.demand, review.by.id):
        return None
    seats = (seat(review.by, role, situation.register, situation.people, situation.today) for role in row.demand.roles)
    return next((each for each in seats if each), None)
