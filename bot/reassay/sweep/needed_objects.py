"""Ledger objects that a round reads, by digest."""

from collections.abc import Iterator
from datetime import datetime

from reassay.assessment.first_seen import first_seen_digests
from reassay.ledger.entry import Body
from reassay.ledger.history import History
from reassay.register.base import Depth
from reassay.sweep.bypasses import unsaid


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Snapshots that cells are compared with, and the words of records that are shown: those closed `since` too."""
    decided = [last.decided for depth in Depth for last in history.last_decisions(depth).values()]
    decided += [own.decided for own in history.reassessments.values() if own.decided and own.proposal]
    digests = {decision.snapshot for decision in decided} | first_seen_digests(history) | unsaid(history)
    for reassessment in history.reassessments.values():
        if reassessment.state == "open" or (reassessment.closed_at and reassessment.closed_at >= since):
            digests.add(reassessment.opened.checklist)
            digests |= {trigger.because for trigger in reassessment.triggers if trigger.because}
            digests |= {name for noted in reassessment.log for name in texts_of(noted.body)}
            if reassessment.decided:
                digests |= {promise.text for promise in reassessment.decided.follow_ups}
                digests |= {reassessment.decided.because} if reassessment.decided.because else set()
    return frozenset(digests)


def texts_of(body: Body) -> Iterator[str]:
    """Digests of what people wrote, which views show."""
    for name in ("because", "note", "party", "interim", "says", "locator"):
        value = getattr(body, name, None)
        if isinstance(value, str):
            yield value
