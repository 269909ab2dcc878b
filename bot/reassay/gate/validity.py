"""How long a verdict is valid without being evaluated again."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.cells import State
from reassay.gate.input import GateInput


def last_days(facts: GateInput) -> Iterator[date]:
    """Last days of everything that the verdict rests on; the earliest is the verdict's own. None where no date bears on it."""
    if facts.source.override is not None:
        yield facts.source.override[1].until
    yield from (row.accepted_until for row in facts.approvals.rows if row.accepted_until is not None)
    yield from _loosened(facts)
    yield from _agreed(facts)


def _loosened(facts: GateInput) -> Iterator[date]:
    """Something being loosened becomes overdue, or the acceptance of its risk ends."""
    today, loosened = facts.situation.today, set(facts.loosened)
    for cell in facts.cells_now:
        if cell.subject in loosened and cell.due is not None and cell.state is not State.OVERDUE and cell.due >= today:
            yield cell.due
    for name, acceptances in facts.now.register_index.acceptances.items():
        if name in loosened:
            yield from (acceptance.expires_at for acceptance in acceptances if acceptance.expires_at >= today)


def _agreed(facts: GateInput) -> Iterator[date]:
    """A change that was agreed in advance expires, or the day of a planned one comes."""
    today = facts.situation.today
    for change in facts.changes:
        base = facts.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is not None:
            agreements = base.value.preauthorised_changes
            yield from (agreement.expires for agreement in agreements if agreement.expires >= today)
            yield from (plan.not_before - timedelta(days=1) for plan in base.value.planned if plan.not_before > today)
