"""Re-assessments opened from a pull request, joined by its later pushes and closed with it.

Source: EU Code of Practice, measure 7.6: an update that a deliberate change requires is finished before the change is made
available.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reassay.assessment.cell_status import CellStatus
from reassay.assessment.checklists import as_data, checklist
from reassay.assessment.content import content_of
from reassay.assessment.schedule.opening import depth_of, group_triggers
from reassay.assessment.schedule.plan import Claim, PlannedRecords, record_of
from reassay.assessment.triggers.base import Fired
from reassay.common.canonical import canonical, digest
from reassay.gate.input import GateInput
from reassay.gate.rules.decided_before import asked_before, decision_for
from reassay.ledger.entry import Joined, Opened, Place, Proposed, Superseded
from reassay.ledger.history import Reassessment
from reassay.register.base import Depth


@dataclass(frozen=True, slots=True)
class _Required:
    """A subject that must be decided before the merge, with its cells."""

    subject: str
    cells: tuple[CellStatus, ...]


def _required(gate_input: GateInput) -> Iterator[_Required]:
    cells_of = asked_before(gate_input)
    for subject, cells in cells_of.items():
        if decision_for(subject, cells, gate_input) is not None:
            continue
        own = [
            replace(cell, results=_before(cell, gate_input))
            for cell in gate_input.cells_then
            if cell.subject == subject and cell.cell in cells
        ]
        if not own:
            # The pull request removes what the base asks about: there is nothing left to decide on here.
            continue
        yield _Required(subject, tuple(own))


def _before(cell: CellStatus, gate_input: GateInput) -> tuple[Fired, ...]:
    return tuple(
        opening.fired
        for opening in gate_input.openings
        if (opening.subject, opening.cell) == (cell.subject, cell.cell) and opening.fired.before_change
    )


def proposal_plan(gate_input: GateInput, claim: Claim) -> PlannedRecords:
    """The records for one pull request; none for a merge queue's group. Once they are appended, planning again gives none."""
    if len(gate_input.proposal.pulls) != 1 or gate_input.proposal.mergeable != "yes" or gate_input.proposal.problems:
        return PlannedRecords()
    pull = gate_input.proposal.pulls[0]
    required = {requirement.subject: requirement for requirement in _required(gate_input)}
    bodies: list[Opened | Joined | Superseded] = []
    objects: dict[str, bytes] = {}
    still_open: set[str] = set()
    for reassessment in gate_input.assessment_input.history.opened_from(pull):
        if reassessment.state != "open":
            continue
        body = _change(reassessment, required.get(reassessment.subject), gate_input)
        if body is not None:
            bodies.append(body)
        if not isinstance(body, Superseded):
            still_open.add(reassessment.subject)
    first = gate_input.assessment_input.history.next_id(gate_input.assessment_input.today.year)
    # An entry that cannot be read has no checklist yet; its error already blocks the merge.
    openable = gate_input.then.register.subjects.keys() - still_open
    fresh = [requirement for name, requirement in sorted(required.items()) if name in openable]
    for offset, (requirement, nonce) in enumerate(zip(fresh, claim.nonces, strict=False)):
        opened, items = _opening(requirement, _nth(first, offset), nonce, claim, gate_input)
        objects[opened.checklist] = items
        bodies.append(opened)
    return PlannedRecords(tuple(record_of(body) for body in bodies), objects if bodies else {})


def _nth(first: str, offset: int) -> str:
    prefix, number = first.rsplit("-", 1)
    return f"{prefix}-{int(number) + offset:03d}"


def _opening(
    requirement: _Required, name: str, nonce: str, claim: Claim, gate_input: GateInput
) -> tuple[Opened, bytes]:
    then = gate_input.then
    subject = then.register.subjects[requirement.subject].value
    triggers = group_triggers(requirement.cells)
    cells = tuple(cell.cell for cell in requirement.cells)
    depth = depth_of(subject, triggers, then)
    items = canonical(as_data(checklist(subject, cells, depth, then.register, then.today)))
    at = then.register.place_of(requirement.subject)
    usual = then.register.configuration.defaults.respond_within
    due = min(
        fired.due or (fired.within or usual).after(then.today) for cell in requirement.cells for fired in cell.fired
    )
    return (
        Opened(
            reassessment=name,
            nonce=nonce,
            run=claim.run,
            lease_until=claim.lease_until,
            subject=requirement.subject,
            version=subject.version,
            cells=cells,
            depth=depth,
            triggers=triggers,
            opened_on=then.today,
            due=due,
            checklist=digest(items),
            place=Place(commit=gate_input.proposal.head, path=at.path, line=at.line),
            content=content_of(requirement.subject, cells, then.register),
            proposal=Proposed(pull=gate_input.proposal.pulls[0], base=gate_input.proposal.base_ref),
        ),
        items,
    )


def _change(
    reassessment: Reassessment, requirement: _Required | None, gate_input: GateInput
) -> Joined | Superseded | None:
    if reassessment.subject in gate_input.then.register_index.unreadable_subjects:
        return None  # whether it is still asked for, and at which depth, shows once its entry can be read again
    if requirement is None:
        return Superseded(reassessment=reassessment.id, reason="the pull request does not ask for it any more")
    present = {(trigger.kind, cell, trigger.about) for trigger in reassessment.triggers for cell in trigger.cells}
    fresh = [
        replace(
            cell, results=tuple(fired for fired in cell.fired if (fired.kind, cell.cell, fired.about) not in present)
        )
        for cell in requirement.cells
    ]
    news = group_triggers(fresh)
    if not news:
        return None
    subject = gate_input.then.register.subjects[reassessment.subject].value
    added = [cell.cell for cell in requirement.cells if cell.cell not in reassessment.cells]
    deepest = (
        Depth.FULL if Depth.FULL in {reassessment.depth, depth_of(subject, news, gate_input.then)} else Depth.LIGHT
    )
    return Joined(
        reassessment=reassessment.id,
        cells=(*reassessment.cells, *added),
        triggers=news,
        due=reassessment.due,
        depth=deepest,
    )
