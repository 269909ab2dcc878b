"""Objects of the ledger that a run reads: snapshots for comparison, texts that views show, and results."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reassay.assessment.first_seen import first_seen_digests
from reassay.assessment.follow_ups import follow_ups_of
from reassay.assessment.orders import ordering_records
from reassay.evidence.compared_records import compared_objects
from reassay.evidence.evidence_input import measured_subjects, objects_of_results
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Body
from reassay.ledger.history import History
from reassay.ledger.risks import Contained, Triaged
from reassay.register.base import Depth
from reassay.signals.recorded import recorded_signals, voided_triages
from reassay.sweep.bypasses import unsaid
from reassay.sweep.pages import texts_to_page

MOST_TO_TRIAGE = 500
"""Signals whose words are read."""
SETTLING = timedelta(days=30)
"""Time after a decision in which its issue is still read, in case a run ended before closing it."""


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Digests of snapshots for comparison, texts that views show, also of issues closed `since`, and results of open ones."""
    decided = [last.decided for depth in Depth for last in history.last_decisions(depth).values()]
    decided += [own.decided for own in history.reassessments.values() if own.decided and own.proposal]
    digests = {decision.snapshot for decision in decided} | first_seen_digests(history) | unsaid(history)
    digests |= set(compared_objects(history))
    ordering, measured = ordering_records(history), measured_subjects(history)
    for reassessment in history.reassessments.values():
        is_recent = reassessment.closed_at is not None and reassessment.closed_at >= since
        if reassessment.state == "open" or is_recent or reassessment.id in ordering:
            digests.add(reassessment.opened.checklist)
            if reassessment.subject in measured:
                digests |= set(objects_of_results(reassessment, history))
            digests |= {trigger.because for trigger in reassessment.triggers if trigger.because}
            digests |= {name for record in reassessment.log for name in texts_of(record.body)}
            digests |= {body.snapshot for _, body in reassessment.records_of(Contained) if body.snapshot}
            if reassessment.decided:
                digests |= {promise.text for promise in reassessment.decided.follow_ups}
                digests |= {reassessment.decided.because} if reassessment.decided.because else set()
                digests |= {result.inputs for result in reassessment.decided.criteria if result.inputs}
            digests |= {body.result.readings for _, body in reassessment.records_of(Attached) if body.result}
    for follow_up in (follow_up for own in follow_ups_of(history).values() for follow_up in own):
        if follow_up.is_open or (follow_up.checked is not None and follow_up.checked.at >= since):
            records = (record for record in (follow_up.done, follow_up.checked) if record is not None)
            digests |= {follow_up.promise.text, *(name for record in records for name in texts_of(record.body))}
    return frozenset(digests | texts_to_page(history, since) | _texts_to_triage(history))


def _texts_to_triage(history: History) -> frozenset[str]:
    """Words of signals that nobody has triaged, the oldest of them: the issue about triage shows them."""
    signals = recorded_signals(history)
    voided = voided_triages(history, signals)
    triaged = {body.information for record, body in history.records_of(Triaged) if record.seq not in voided}
    waiting = [own for own in signals.values() if not own.is_baseline and own.signal.id not in triaged]
    oldest = sorted(waiting, key=lambda own: own.seq)[:MOST_TO_TRIAGE]
    return frozenset(own.signal.text for own in oldest if own.signal.text)


def texts_of(body: Body) -> Iterator[str]:
    """Digests of texts that people wrote, which views show."""
    for name in ("because", "note", "party", "interim", "says", "locator"):
        value = getattr(body, name, None)
        if isinstance(value, str):
            yield value
