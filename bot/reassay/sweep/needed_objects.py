"""Objects of the ledger that a run reads: snapshots that cells are compared with, and texts that views show."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reassay.assessment.first_seen import first_seen_digests
from reassay.assessment.orders import ordering_records
from reassay.ledger.entry import Body
from reassay.ledger.history import History
from reassay.register.base import Depth
from reassay.sweep.bypasses import unsaid

SETTLING = timedelta(days=30)
"""Time after a decision in which its issue is still read, in case a run ended before closing it."""


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Digests of snapshots that cells are compared with, and of texts that views show, also for those closed `since`."""
    decided = [last.decided for depth in Depth for last in history.last_decisions(depth).values()]
    decided += [own.decided for own in history.reassessments.values() if own.decided and own.proposal]
    digests = {decision.snapshot for decision in decided} | first_seen_digests(history) | unsaid(history)
    ordering = ordering_records(history)
    for reassessment in history.reassessments.values():
        is_recent = reassessment.closed_at is not None and reassessment.closed_at >= since
        if reassessment.state == "open" or is_recent or reassessment.id in ordering:
            digests.add(reassessment.opened.checklist)
            digests |= {trigger.because for trigger in reassessment.triggers if trigger.because}
            digests |= {name for record in reassessment.log for name in texts_of(record.body)}
            if reassessment.decided:
                digests |= {promise.text for promise in reassessment.decided.follow_ups}
                digests |= {reassessment.decided.because} if reassessment.decided.because else set()
    return frozenset(digests)


def texts_of(body: Body) -> Iterator[str]:
    """Digests of texts that people wrote, which views show."""
    for name in ("because", "note", "party", "interim", "says", "locator"):
        value = getattr(body, name, None)
        if isinstance(value, str):
            yield value
