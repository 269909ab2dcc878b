"""The history as it was when a re-assessment that is decided by now was still open."""

from dataclasses import replace

from reassay.ledger.history import History, Reassessment


def as_of(reassessment: Reassessment, history: History) -> History:
    """The history as it was when a decided re-assessment was open: its own decision and what came later change nothing."""
    end = reassessment.decided_seq
    if end is None:
        return history
    earlier = {name: _before(own, end) for name, own in history.reassessments.items() if own.opened_seq < end}
    others = tuple(record for record in history.others if record.seq < end)
    return replace(history, reassessments=earlier, others=others)


def _before(reassessment: Reassessment, end: int) -> Reassessment:
    log = tuple(record for record in reassessment.log if record.seq < end)
    if (reassessment.decided_seq or 0) >= end:
        return replace(reassessment, decided=None, decided_seq=None, log=log)
    is_withdrawn = reassessment.withdrawn_seq is not None and reassessment.withdrawn_seq < end
    return replace(reassessment, log=log, withdrawn_seq=reassessment.withdrawn_seq if is_withdrawn else None)
