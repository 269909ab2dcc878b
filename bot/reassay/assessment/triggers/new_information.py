"""new-information: news that may bear on it is material, or was not triaged in time and counts as material."""

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
    """What was judged material before the last assessment was settled by it."""
    items = [
        each
        for each in facts.register_index.information.get(facts.subject.id, ())
        if (not spec.kinds or each.kind in spec.kinds) and each.known_at <= facts.now
    ]
    last = facts.baseline(spec.depth)
    open_items = [each for each in items if not _settled(each, last, spec, facts)]
    material = [each for each in open_items if _is_material(each, spec, facts)]
    if material:
        words = "; ".join(f"'{each.id}' ({each.kind}) {_why(each, facts)}" for each in material)
        return Fired(KIND, words, about=",".join(sorted(each.id for each in material)))
    waiting = {
        each: _triage_by(each, spec, facts) + timedelta(days=1) for each in open_items if _triage(each, facts) is None
    }
    if waiting:
        first = min(waiting, key=lambda each: (waiting[each], each.id))
        words = f"'{first.id}' has to be triaged by {waiting[first] - timedelta(days=1)}, or counts as material"
        return Pending(KIND, words, waiting[first], waiting[first])
    return Skipped(KIND, "no material information bears on it" if items else "no information item names it")


def _triage_by(item: InformationItem, spec: NewInformationSpec, facts: TriggerInput) -> date:
    given = spec.triage_within or facts.configuration.defaults.triage_within
    return item.triage_due or given.after(local_date(item.known_at, facts.configuration.timezone))


def _is_material(item: InformationItem, spec: NewInformationSpec, facts: TriggerInput) -> bool:
    judged = _triage(item, facts)
    if judged is not None:
        return judged[0]
    return facts.today > _triage_by(item, spec, facts)


def _triage(item: InformationItem, facts: TriggerInput) -> tuple[bool, date] | None:
    """Whether it is material, and since when that is known: as the register says, else as somebody said in an issue."""
    if item.triage is not None:
        return item.triage.material, item.triage.on
    recorded = facts.register_index.triaged.get(item.id)
    return (recorded[1].material, recorded[0]) if recorded else None


def _why(item: InformationItem, facts: TriggerInput) -> str:
    return "is material" if _triage(item, facts) else "was not triaged in time, so it counts as material"


def _settled(item: InformationItem, last: LastAssessment | None, spec: NewInformationSpec, facts: TriggerInput) -> bool:
    if last is None:
        return False
    judged = _triage(item, facts)
    if judged is None:
        # It was overdue already when the last assessment was decided, and that looked at it.
        return last.on > _triage_by(item, spec, facts)
    if last.snapshot is None:
        return judged[1] <= last.on
    return item.id in _known(last)


def _known(last: LastAssessment) -> tuple[str, ...]:
    known = (last.snapshot or {}).get(INFORMATION)
    return tuple(str(each) for each in known) if isinstance(known, list) else ()


TRIGGER = StatedTrigger(
    KIND, NewInformationSpec, evaluate, for_every_mitigation=NewInformationSpec.model_construct(kind="new-information")
)
