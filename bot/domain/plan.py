"""Desired versus current: which re-assessments to open, to join, to supersede. Pure; `services` carries it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.canonical import canonical, digest
from bot.domain.cells import CellStatus, Situation, assess
from bot.domain.checklists import as_data, checklist
from bot.domain.ledger.entry import Joined, Opened, Place, Record, Superseded, Trigger
from bot.domain.ledger.history import Reassessment
from bot.domain.queue import Wanted, wanted
from bot.domain.register.base import Depth, Status
from bot.domain.register.mitigation import Mitigation
from bot.domain.triggers import manual
from bot.domain.triggers.base import Fired


@dataclass(frozen=True, slots=True)
class Claim:
    """What only the run itself can know of a re-assessment it opens."""

    run: str
    nonces: Sequence[str]
    """Random, one for each that may be opened: their number is the most that are."""
    lease_until: datetime
    """Until then no other run creates these issues."""
    commit: str
    """Of the register."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks for a re-assessment of a mitigation, now."""

    mitigation: str
    by: str
    account_id: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Records to append, with the objects they name."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """By digest."""
    left: int = 0
    """How many openings are due but wait for another pass."""


def plan(situation: Situation, claim: Claim, ask: Ask | None = None) -> Plan:
    """Everything the ledger should say and does not. Planning again after appending it gives nothing."""
    cells = _with_ask(assess(situation), ask, situation)
    changes = [change for each in situation.history.open if (change := _change(each, cells, situation))]
    ready = [each for each in wanted(situation, cells) if each.opens <= situation.today or _asked(each)]
    opened: list[Opened] = []
    objects: dict[str, bytes] = {}
    first = situation.history.next_id(situation.today.year)
    for each, nonce in zip(ready, claim.nonces, strict=False):
        depth = depth_of(each.mitigation, situation)
        items = canonical(as_data(checklist(each.mitigation, _names(each.cells), depth, situation.register)))
        objects[digest(items)] = items
        opened.append(_opening(each, _nth(first, len(opened)), nonce, digest(items), claim, situation))
    actor = ask.account_id if ask else None
    records = tuple(Record(body=body, actor=actor if _by_hand(body) else None) for body in (*changes, *opened))
    return Plan(records, objects, left=len(ready) - len(opened))


def _with_ask(cells: Sequence[CellStatus], ask: Ask | None, situation: Situation) -> tuple[CellStatus, ...]:
    entry = situation.register.mitigations.get(ask.mitigation) if ask else None
    if ask is None or entry is None or entry.value.status is not Status.ACTIVE:
        return tuple(cells)
    fired = Fired(manual.KIND, f"asked for by {ask.by}: {ask.because}", requested_by=ask.account_id)
    return tuple(
        replace(cell, results=(*cell.results, fired)) if cell.mitigation == ask.mitigation else cell for cell in cells
    )


def _asked(each: Wanted) -> bool:
    return any(fired.kind == manual.KIND for cell in each.cells for fired in cell.fired)


def _by_hand(body: Opened | Joined | Superseded) -> bool:
    return not isinstance(body, Superseded) and any(trigger.kind == manual.KIND for trigger in body.triggers)


def _names(cells: Sequence[CellStatus]) -> tuple[str, ...]:
    return tuple(cell.cell for cell in cells)


def _nth(first: str, offset: int) -> str:
    prefix, number = first.rsplit("-", 1)
    return f"{prefix}-{int(number) + offset:03d}"


def depth_of(mitigation: Mitigation, situation: Situation) -> Depth:
    """The depth a mitigation asks for, or the configured default."""
    stated = mitigation.reassess.depth if mitigation.reassess else None
    return stated or situation.register.configuration.defaults.depth


def _opening(  # noqa: PLR0913, PLR0917 - the facts of one record, each of its own kind
    each: Wanted, name: str, nonce: str, items: str, claim: Claim, situation: Situation
) -> Opened:
    triggers = group_triggers(each.cells)
    previous = situation.history.last_inconclusive(each.mitigation.id)
    at = situation.register.place_of(each.mitigation.id)
    due = _due(triggers, situation)
    return Opened(
        reassessment=name,
        nonce=nonce,
        run=claim.run,
        lease_until=claim.lease_until,
        mitigation=each.mitigation.id,
        version=each.mitigation.version,
        cells=_names(each.cells),
        depth=depth_of(each.mitigation, situation),
        triggers=triggers,
        opened_on=situation.today,
        # An inconclusive decision moves no clock: its successor is due when it was.
        due=min(due, previous.due) if previous else due,
        checklist=items,
        place=Place(commit=claim.commit, path=at.path, line=at.line),
        previous=previous.id if previous else None,
        paced=each.paced,
    )


def group_triggers(cells: Sequence[CellStatus]) -> tuple[Trigger, ...]:
    """One trigger for each thing that fired, with the cells it is about."""
    found: dict[Fired, list[str]] = {}
    for cell in cells:
        for fired in cell.fired:
            found.setdefault(fired, []).append(cell.cell)
    return tuple(
        Trigger(kind=each.kind, reason=each.reason, due=each.due, cells=tuple(names), requested_by=each.requested_by)
        for each, names in found.items()
    )


def _due(triggers: Sequence[Trigger], situation: Situation) -> date:
    respond_by = situation.register.configuration.defaults.respond_within.after(situation.today)
    return min(trigger.due or respond_by for trigger in triggers)


def _change(each: Reassessment, cells: Sequence[CellStatus], situation: Situation) -> Joined | Superseded | None:
    """What an open re-assessment has become: no longer due, joined by something, or nothing new."""
    own = [cell for cell in cells if cell.mitigation == each.mitigation]
    gone = _no_longer_due(each, own, situation)
    if gone:
        return Superseded(reassessment=each.id, reason=gone)
    return _join(each, own, situation)


def _no_longer_due(each: Reassessment, own: Sequence[CellStatus], situation: Situation) -> str | None:
    entry = situation.register.mitigations.get(each.mitigation)
    if entry is None:
        # What cannot be read is not known to be gone, nor is anything while a whole file could not be understood.
        return None if situation.register.errors else f"{each.mitigation} is no longer in the register"
    if entry.value.status is not Status.ACTIVE:
        return f"{each.mitigation} is {entry.value.status}"
    covered = [cell for cell in own if cell.cell in each.cells]
    if not covered:
        return f"{each.mitigation} no longer serves what this covered"
    if any(cell.fired for cell in covered):
        return None
    return f"nothing asks for it any more: {covered[0].reason}"


def _join(each: Reassessment, own: Sequence[CellStatus], situation: Situation) -> Joined | None:
    known = {_key(trigger, cell) for trigger in each.triggers for cell in trigger.cells}
    news = [
        trigger for trigger in group_triggers(own) if any(_key(trigger, cell) not in known for cell in trigger.cells)
    ]
    if not news:
        return None
    added = [cell.cell for cell in own if cell.fired and cell.cell not in each.cells]
    mitigation = situation.register.mitigations[each.mitigation].value
    deepest = Depth.FULL if Depth.FULL in {each.depth, depth_of(mitigation, situation)} else Depth.LIGHT
    return Joined(
        reassessment=each.id,
        cells=(*each.cells, *added),
        triggers=tuple(news),
        due=min(each.due, _due(news, situation)),
        depth=deepest,
    )


def _key(trigger: Trigger, cell: str) -> tuple[str, str, str]:
    # Two people may ask for different reasons; any other kind counts once for a cell.
    return trigger.kind, cell, trigger.reason if trigger.kind == manual.KIND else ""
