"""Decisions in favour: of a mitigation as a layer, and of a change that waits for the decision."""

from collections.abc import Collection, Iterator

from reassay.ledger.answers import SignedOff, Withdrawn
from reassay.ledger.reassessment import LedgerRecord, Reassessment


def counts_in_favour(reassessment: Reassessment, assessors: Collection[str]) -> bool:
    """Whether the decision is effective, or degraded with an explicit `continue` that somebody else than the assessor approved.

    `assessors` are the roles that assess the subject, as the ledger names them. An order to restrict or withdraw counts against.
    """
    decided = reassessment.decided
    if decided is None or decided.deployment_decision in {"restrict", "withdraw"}:
        return False
    if decided.decision == "effective":
        return True
    if decided.decision != "degraded" or decided.deployment_decision != "continue":
        return False
    return any(_is_independent(record, body, reassessment, assessors) for record, body in _approvals(reassessment))


def _approvals(reassessment: Reassessment) -> Iterator[tuple[LedgerRecord, SignedOff]]:
    """Approval steps that were taken before the decision and not taken back."""
    given: list[tuple[LedgerRecord, SignedOff]] = []
    for record in reassessment.log:
        if record.seq > (reassessment.decided_seq or 0):
            break
        match record.body:
            case SignedOff(says="approve", step=int()) as body:
                given.append((record, body))
            case Withdrawn(items=items):
                given = [own for own in given if own[0].actor != record.actor or f"step-{own[1].step}" not in items]
            case _:
                pass
    yield from given


def _is_independent(
    record: LedgerRecord, body: SignedOff, reassessment: Reassessment, assessors: Collection[str]
) -> bool:
    own = {reassessment.decided_by}
    return body.role not in assessors and record.actor not in own and body.for_account not in own
