"""Re-assessments of what a pull request would merge: opened from it, joined by later pushes, closed with it.

Source: 1-domain, deployment-change; EU Code of Practice 7.6: an update set off by a deliberate change is finished before the
change is made available.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reassay.assessment.cells import CellStatus
from reassay.assessment.checklists import as_data, checklist
from reassay.assessment.content import content_of
from reassay.assessment.schedule.opening import depth_of, group_triggers
from reassay.assessment.schedule.plan import Claim, PlannedRecords, record_of
from reassay.assessment.triggers.base import Fired
from reassay.common.canonical import canonical, digest
from reassay.gate.decided import asked_before, decision_for
from reassay.gate.input import GateInput
from reassay.ledger.entry import Joined, Opened, Place, Proposed, Superseded
from reassay.ledger.history import Reassessment
from reassay.register.base import Depth


@dataclass(frozen=True, slots=True)
class _Asked:
    """A subject with the cells that ask."""

    subject: str
    cells: tuple[CellStatus, ...]


def _asking(facts: GateInput) -> Iterator[_Asked]:
    wanted = asked_before(facts)
    for subject, cells in wanted.items():
        if decision_for(subject, cells, facts) is not None:
            continue
        own = [
            replace(cell, results=_before(cell, facts))
            for cell in facts.cells_then
            if cell.subject == subject and cell.cell in cells
        ]
        yield _Asked(subject, tuple(own))


def _before(cell: CellStatus, facts: GateInput) -> tuple[Fired, ...]:
    return tuple(
        opening.fired
        for opening in facts.openings
        if (opening.subject, opening.cell) == (cell.subject, cell.cell) and opening.fired.before_change
    )


def proposal_plan(facts: GateInput, claim: Claim) -> PlannedRecords:
    """Records for one pull request; none for a group. Planning again after appending them gives nothing."""
    if len(facts.proposal.pulls) != 1 or facts.proposal.mergeable != "yes" or facts.proposal.problems:
        return PlannedRecords()
    pull = facts.proposal.pulls[0]
    asking = {asked.subject: asked for asked in _asking(facts)}
    bodies: list[Opened | Joined | Superseded] = []
    objects: dict[str, bytes] = {}
    still_open: set[str] = set()
    for reassessment in facts.situation.history.opened_from(pull):
        if reassessment.state != "open":
            continue
        body = _change(reassessment, asking.get(reassessment.subject), facts)
        if body is not None:
            bodies.append(body)
        if not isinstance(body, Superseded):
            still_open.add(reassessment.subject)
    first = facts.situation.history.next_id(facts.situation.today.year)
    fresh = [asked for name, asked in sorted(asking.items()) if name not in still_open]
    for offset, (asked, nonce) in enumerate(zip(fresh, claim.nonces, strict=False)):
        opened, items = _opening(asked, _nth(first, offset), nonce, claim, facts)
        objects[opened.checklist] = items
        bodies.append(opened)
    return PlannedRecords(tuple(record_of(body) for body in bodies), objects if bodies else {})


def _nth(first: str, offset: int) -> str:
    prefix, number = first.rsplit("-", 1)
    return f"{prefix}-{int(number) + offset:03d}"


def _opening(asked: _Asked, name: str, nonce: str, claim: Claim, facts: GateInput) -> tuple[Opened, bytes]:
    then = facts.then
    subject = then.register.subjects[asked.subject].value
    triggers = group_triggers(asked.cells)
    cells = tuple(cell.cell for cell in asked.cells)
    depth = depth_of(subject, triggers, then)
    items = canonical(as_data(checklist(subject, cells, depth, then.register, [])))
    at = then.register.place_of(asked.subject)
    usual = then.register.configuration.defaults.respond_within
    due = min(fired.due or (fired.within or usual).after(then.today) for cell in asked.cells for fired in cell.fired)
    return (
        Opened(
            reassessment=name,
            nonce=nonce,
            run=claim.run,
            lease_until=claim.lease_until,
            subject=asked.subject,
            version=subject.version,
            cells=cells,
            depth=depth,
            triggers=triggers,
            opened_on=then.today,
            due=due,
            checklist=digest(items),
            place=Place(commit=facts.proposal.head, path=at.path, line=at.line),
            content=content_of(asked.subject, cells, then.register),
            proposal=Proposed(pull=facts.proposal.pulls[0], base=facts.proposal.base_ref),
        ),
        items,
    )


def _change(reassessment: Reassessment, asked: _Asked | None, facts: GateInput) -> Joined | Superseded | None:
    if asked is None:
        return Superseded(reassessment=reassessment.id, reason="the pull request does not ask for it any more")
    present = {(trigger.kind, cell, trigger.about) for trigger in reassessment.triggers for cell in trigger.cells}
    fresh = [
        replace(
            cell, results=tuple(fired for fired in cell.fired if (fired.kind, cell.cell, fired.about) not in present)
        )
        for cell in asked.cells
    ]
    news = group_triggers(fresh)
    if not news:
        return None
    subject = facts.then.register.subjects[reassessment.subject].value
    added = [cell.cell for cell in asked.cells if cell.cell not in reassessment.cells]
    deepest = Depth.FULL if Depth.FULL in {reassessment.depth, depth_of(subject, news, facts.then)} else Depth.LIGHT
    return Joined(
        reassessment=reassessment.id,
        cells=(*reassessment.cells, *added),
        triggers=news,
        due=reassessment.due,
        depth=deepest,
    )
