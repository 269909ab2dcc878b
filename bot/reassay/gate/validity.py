"""The last day of a verdict: until then, no date changes it."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.cell_status import State
from reassay.gate.input import GateInput


def last_days(gate_input: GateInput) -> Iterator[date]:
    """Last days of everything that the verdict depends on; the earliest is the verdict's own. Empty without any date."""
    yield from (override.until for _, override in gate_input.source.overrides.values())
    yield from (row.accepted_until for row in gate_input.approvals.rows if row.accepted_until is not None)
    yield from _loosened(gate_input)
    yield from _agreed(gate_input)


def _loosened(gate_input: GateInput) -> Iterator[date]:
    """Something being loosened becomes overdue, or the acceptance of its risk ends."""
    today, loosened = gate_input.assessment_input.today, set(gate_input.loosened)
    for cell in gate_input.cells_now:
        concerned = cell.subject in loosened or gate_input.before_merge.touching(cell)
        if concerned and cell.due is not None and cell.clock is not State.OVERDUE and cell.due >= today:
            yield cell.due
    for name, acceptances in gate_input.now.register_index.acceptances.items():
        if name in loosened:
            yield from (acceptance.expires_at for acceptance in acceptances if acceptance.expires_at >= today)


def _agreed(gate_input: GateInput) -> Iterator[date]:
    """A change that was agreed in advance expires, or the day of a planned one comes."""
    today = gate_input.assessment_input.today
    for change in gate_input.changes:
        base = gate_input.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is not None:
            agreements = base.value.preauthorised_changes
            yield from (agreement.expires for agreement in agreements if agreement.expires >= today)
            yield from (plan.not_before - timedelta(days=1) for plan in base.value.planned if plan.not_before > today)
