"""new-information: fires on information that is triaged as material, or that nobody triaged in time."""

from datetime import date, timedelta

from reassay.assessment.snapshot import INFORMATION
from reassay.assessment.triggers.base import (
    Fired,
    LastAssessment,
    Pending,
    Result,
    Skipped,
    StatedTrigger,
    TriggerInput,
)
from reassay.common.calendar import local_date
from reassay.register.information import InformationItem
from reassay.register.trigger_specs import NewInformationSpec

KIND = "new-information"


def evaluate(spec: NewInformationSpec, facts: TriggerInput) -> Result:
    """The result for all items that name the subject and the last assessment did not settle."""
    items = _items(spec, facts)
    last = facts.baseline(spec.depth)
    open_items = [item for item in items if not _settled(item, last, spec, facts)]
    counted = [item for item in open_items if _is_material(item, spec, facts)]
    if counted:
        words = "; ".join(f"'{item.id}' ({item.kind}) {_why(item, facts)}" for item in counted)
        return Fired(KIND, words, about=",".join(sorted(item.id for item in counted)))
    waiting = {
        item: _triage_by(item, spec, facts) + timedelta(days=1) for item in open_items if _triage(item, facts) is None
    }
    if waiting:
        first = min(waiting, key=lambda item: (waiting[item], item.id))
        words = f"'{first.id}' has to be triaged by {waiting[first] - timedelta(days=1)}, or counts as material"
        return Pending(KIND, words, waiting[first], waiting[first])
    return Skipped(KIND, "no material information bears on it" if items else "no information item names it")


def _items(spec: NewInformationSpec, facts: TriggerInput) -> list[InformationItem]:
    return [
        item
        for item in facts.register_index.information.get(facts.subject.id, ())
        if (not spec.kinds or item.kind in spec.kinds) and item.known_at <= facts.now
    ]


def material(spec: NewInformationSpec, facts: TriggerInput) -> list[InformationItem]:
    """The items that a trigger is about and that are material, settled ones included."""
    return [item for item in _items(spec, facts) if _is_material(item, spec, facts)]


def _triage_by(item: InformationItem, spec: NewInformationSpec, facts: TriggerInput) -> date:
    given = spec.triage_within or facts.configuration.defaults.triage_within
    return item.triage_due or given.after(local_date(item.known_at, facts.configuration.timezone))


def _is_material(item: InformationItem, spec: NewInformationSpec, facts: TriggerInput) -> bool:
    triage = _triage(item, facts)
    if triage is not None:
        return triage[0]
    return facts.today > _triage_by(item, spec, facts)


def _triage(item: InformationItem, facts: TriggerInput) -> tuple[bool, date] | None:
    """Whether an item is material and the day of its triage, from register or ledger; None if it is not triaged."""
    if item.triage is not None:
        return item.triage.material, item.triage.on
    recorded = facts.register_index.triaged.get(item.id)
    return (recorded[1].material, recorded[0]) if recorded else None


def _why(item: InformationItem, facts: TriggerInput) -> str:
    return "is material" if _triage(item, facts) else "was not triaged in time, so it counts as material"


def _settled(item: InformationItem, last: LastAssessment | None, spec: NewInformationSpec, facts: TriggerInput) -> bool:
    if last is None:
        return False
    triage = _triage(item, facts)
    if triage is None:
        # Its triage was overdue at the last assessment, so it counted as material then.
        return last.on > _triage_by(item, spec, facts)
    if last.snapshot is None:
        return triage[1] <= last.on
    return item.id in _items_of(last)


def _items_of(last: LastAssessment) -> tuple[str, ...]:
    names = (last.snapshot or {}).get(INFORMATION)
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


TRIGGER = StatedTrigger(
    KIND,
    NewInformationSpec,
    evaluate,
    frozenset({"information-item"}),
    for_every_mitigation=NewInformationSpec.model_construct(kind="new-information"),
)
