"""Desired versus current: which re-assessments to open, to join, to supersede. Pure; `services` carries it out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reassay.approvals.digests import content_of
from reassay.assessment.cells import CellStatus, Situation
from reassay.assessment.checklists import as_data, checklist
from reassay.assessment.schedule.queue import Wanted, wanted
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers import manual
from reassay.assessment.triggers.base import Blind, Fired
from reassay.common.canonical import canonical, digest
from reassay.ledger.entry import CommentRef, Joined, Opened, Place, Record, Superseded, Trigger
from reassay.ledger.history import Reassessment
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation

_NO_ITEMS = f"sha256:{'0' * 64}"
_Key = tuple[str, str, str, Depth | None]


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
    """Somebody asks for a re-assessment of a mitigation or a commitment, now."""

    subject: str
    by: str
    account_id: int | None
    because: str
    depth: str | None = None
    """`light` or `full`, where the person says so."""
    comment: CommentRef | None = None
    """In which it was asked."""

    @property
    def text(self) -> bytes:
        """What the person wrote, as the object that the trigger names."""
        return canonical(self.because)

    @property
    def about(self) -> str:
        """What tells this request from others."""
        return f"request {digest(self.text)[-12:]}"

    def met_by(self, situation: Situation) -> Reassessment | None:
        """The open re-assessment that this very request opened or joined."""
        found = situation.history.open_for(situation.history.present(self.subject))
        mine = (each for each in found.triggers if each.kind == manual.KIND) if found else ()
        return found if any((each.about, each.requested_by) == (self.about, self.account_id) for each in mine) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """Records to append, with the objects they name."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """By digest."""
    left: int = 0
    """How many openings are due but wait for another pass."""


def plan(situation: Situation, claim: Claim, asks: Sequence[Ask] = ()) -> Plan:
    """Everything the ledger should say and does not. Planning again after appending it gives nothing."""
    cells = _with_asks(situation.cells, asks, situation)
    changes = [
        change
        for each in situation.history.open
        # What a pull request proposes is judged by that pull request: see `bot/reassay/gate/openings.py`.
        if each.proposal is None and (change := _change(each, cells, situation))
    ]
    ready = [each for each in wanted(situation, cells) if each.opens <= situation.today or _asked(each)]
    opened: list[Opened] = []
    objects: dict[str, bytes] = {digest(ask.text): ask.text for ask in asks}
    first = situation.history.next_id(situation.today.year)
    for each, nonce in zip(ready, claim.nonces, strict=False):
        draft = _opening(each, _nth(first, len(opened)), nonce, claim, situation)
        screening = [trigger.screening for trigger in draft.triggers if trigger.screening]
        asked = checklist(each.subject, _names(each.cells), draft.depth, situation.register, screening)
        items = canonical(as_data(asked))
        objects[digest(items)] = items
        opened.append(draft.model_copy(update={"checklist": digest(items)}))
    records = tuple(record_of(body, asks) for body in (*changes, *opened))
    return Plan(records, objects if records else {}, left=len(ready) - len(opened))


def _with_asks(cells: Sequence[CellStatus], asks: Sequence[Ask], situation: Situation) -> tuple[CellStatus, ...]:
    for ask in asks:
        entry = situation.register.subjects.get(ask.subject)
        if entry is None or not_assessed(entry.value, situation.register, situation.today):
            continue
        depth = Depth(ask.depth) if ask.depth else None
        fired = Fired(
            manual.KIND,
            manual.REASON,
            requested_by=ask.account_id,
            about=ask.about,
            depth=depth,
            because=digest(ask.text),
        )
        cells = tuple(
            replace(cell, results=(*cell.results, fired)) if cell.subject == ask.subject else cell for cell in cells
        )
    return tuple(cells)


def _asked(each: Wanted) -> bool:
    return any(fired.kind == manual.KIND for cell in each.cells for fired in cell.fired)


def record_of(body: Opened | Joined | Superseded, asks: Sequence[Ask] = ()) -> Record:
    """With whoever asked for it, and where."""
    about = {trigger.about for trigger in body.triggers} if not isinstance(body, Superseded) else set()
    ask = next((each for each in asks if each.about in about), None)
    return Record(body=body, actor=ask.account_id if ask else None, comment=ask.comment if ask else None)


def _names(cells: Sequence[CellStatus]) -> tuple[str, ...]:
    return tuple(cell.cell for cell in cells)


def _nth(first: str, offset: int) -> str:
    prefix, number = first.rsplit("-", 1)
    return f"{prefix}-{int(number) + offset:03d}"


def depth_of(subject: Assessable, triggers: Sequence[Trigger], situation: Situation) -> Depth:
    """The deepest that a trigger asks for; one that does not say wants what the subject says, or the configuration."""
    stated = subject.reassess.depth if isinstance(subject, Mitigation) and subject.reassess else None
    stated = subject.depth if isinstance(subject, Commitment) else stated
    usual = stated or situation.register.configuration.defaults.depth
    return Depth.FULL if Depth.FULL in {trigger.depth or usual for trigger in triggers} else Depth.LIGHT


def _opening(each: Wanted, name: str, nonce: str, claim: Claim, situation: Situation) -> Opened:
    triggers = group_triggers(each.cells)
    previous = situation.history.last_inconclusive(each.subject.id)
    at = situation.register.place_of(each.subject.id)
    due = _due(each.cells, situation)
    return Opened(
        reassessment=name,
        nonce=nonce,
        run=claim.run,
        lease_until=claim.lease_until,
        subject=each.subject.id,
        version=each.subject.version,
        cells=_names(each.cells),
        depth=depth_of(each.subject, triggers, situation),
        triggers=triggers,
        opened_on=situation.today,
        # An inconclusive decision moves no clock: its successor is due when it was.
        due=min(due, previous.due) if previous else due,
        checklist=_NO_ITEMS,
        place=Place(commit=claim.commit, path=at.path, line=at.line),
        previous=previous.id if previous else None,
        paced=each.paced,
        content=content_of(each.subject.id, _names(each.cells), situation.register),
    )


def group_triggers(cells: Sequence[CellStatus]) -> tuple[Trigger, ...]:
    """One trigger for each thing that fired, with the cells it is about."""
    found: dict[Fired, list[str]] = {}
    for cell in cells:
        for fired in cell.fired:
            found.setdefault(fired, []).append(cell.cell)
    return tuple(_trigger(each, tuple(names)) for each, names in found.items())


def _trigger(each: Fired, cells: tuple[str, ...]) -> Trigger:
    return Trigger(
        kind=each.kind,
        reason=each.reason,
        due=each.due,
        cells=cells,
        requested_by=each.requested_by,
        because=each.because,
        about=each.about,
        depth=each.depth,
        before_change=each.before_change,
        screening=each.screening,
    )


def _due(cells: Sequence[CellStatus], situation: Situation) -> date:
    usual = situation.register.configuration.defaults.respond_within
    return min(fired.due or (fired.within or usual).after(situation.today) for cell in cells for fired in cell.fired)


def _change(each: Reassessment, cells: Sequence[CellStatus], situation: Situation) -> Joined | Superseded | None:
    """What an open re-assessment has become: no longer due, joined by something, or nothing new."""
    own = [cell for cell in cells if cell.subject == each.subject]
    gone = _no_longer_due(each, own, situation)
    if gone:
        return Superseded(reassessment=each.id, reason=gone)
    return _join(each, own, situation)


def _no_longer_due(each: Reassessment, own: Sequence[CellStatus], situation: Situation) -> str | None:
    entry = situation.register.subjects.get(each.subject)
    if entry is None:
        # What cannot be read is not known to be gone, nor is anything while a whole file could not be understood.
        return None if situation.register.errors else f"{each.subject} is no longer in the register"
    stopped = not_assessed(entry.value, situation.register, situation.today)
    if stopped:
        return f"{each.subject} is not assessed any more: {stopped}"
    covered = [cell for cell in own if cell.cell in each.cells]
    if not covered:
        return f"{each.subject} no longer covers what this was about"
    if any(cell.fired for cell in covered) or _can_no_longer_be_told(each, covered):
        return None
    return f"nothing asks for it any more: {covered[0].reason}"


def _can_no_longer_be_told(each: Reassessment, covered: Sequence[CellStatus]) -> bool:
    """Whether what set it off cannot be judged any more: a figure that was deleted is no figure that is fine."""
    kinds = {trigger.kind for trigger in each.triggers}
    return any(isinstance(result, Blind) and result.kind in kinds for cell in covered for result in cell.results)


def _join(each: Reassessment, own: Sequence[CellStatus], situation: Situation) -> Joined | None:
    known = {_key(trigger, cell) for trigger in each.triggers for cell in trigger.cells}
    fresh = [replace(cell, results=tuple(_news(cell, known))) for cell in own]
    news = group_triggers(fresh)
    if not news:
        return None
    added = [cell.cell for cell in own if cell.fired and cell.cell not in each.cells]
    subject = situation.register.subjects[each.subject].value
    deepest = Depth.FULL if Depth.FULL in {each.depth, depth_of(subject, news, situation)} else Depth.LIGHT
    return Joined(
        reassessment=each.id,
        cells=(*each.cells, *added),
        triggers=news,
        due=min(each.due, _due(fresh, situation)),
        depth=deepest,
    )


def _news(cell: CellStatus, known: Collection[_Key]) -> Iterator[Fired]:
    """What fired for a cell and is not in the re-assessment yet."""
    return (fired for fired in cell.fired if _key(_trigger(fired, ()), cell.cell) not in known)


def _key(trigger: Trigger, cell: str) -> _Key:
    return trigger.kind, cell, trigger.about, trigger.depth
