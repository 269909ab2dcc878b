"""Changes of a mitigation, field by field, with their direction."""

from collections.abc import Iterator
from datetime import date

from reassay.changes.approval import approval_changes, checklist_changes
from reassay.changes.base import Direction, FieldChange, looser, members, neutral, plain, rest, tighter
from reassay.changes.target import target_changes
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Depth, Status
from reassay.register.configuration import Configuration
from reassay.register.mitigation import Mitigation

_ANY_DAY = date(2001, 1, 1)
_LISTS = {
    "threat_models": ("it works against one more threat", "it no longer works against it"),
    "deployments": ("it serves one more deployment", "a deployment loses this safeguard"),
    "common_causes": ("a shared cause of failure is stated", "a shared cause of failure is no longer stated"),
    "assumptions": ("an assumption is stated", "an assumption is no longer stated"),
}


def mitigation_changes(before: Mitigation, after: Mitigation, configuration: Configuration) -> Iterator[FieldChange]:
    """Changes of a mitigation. `configuration` names the people of each role."""
    yield from _status(before, after)
    yield from assessable_changes(before, after, configuration)
    yield from _clock(before, after)
    yield from target_changes(before.target, after.target)
    for name, reasons in _LISTS.items():
        yield from members(name, getattr(before, name), getattr(after, name), more=Direction.TIGHTER, why=reasons)
    yield from _conditions(before, after)
    if before.layer != after.layer:
        why = "it works in another layer" if after.layer else "it no longer counts for a layer"
        yield (looser if before.layer else tighter)("layer", "changed", before.layer, after.layer, why)
    done = {
        *_LISTS,
        *Assessable.model_fields,
        "status",
        "target",
        "every",
        "reassess",
        "invalidation_conditions",
        "layer",
    }
    yield from rest(before, after, done - {"title", "description"})


def assessable_changes(before: Assessable, after: Assessable, configuration: Configuration) -> Iterator[FieldChange]:
    """Changes of the fields that mitigations and commitments share."""
    if after.version != before.version:
        why = "not the assessed version" if after.version > before.version else "back to an earlier version"
        yield looser(
            "version", "raised" if after.version > before.version else "lowered", before.version, after.version, why
        )
    if before.owner != after.owner:
        yield neutral("owner", before.owner, after.owner, "another owner")
    if before.assessor_names != after.assessor_names:
        yield _assessors(before, after, configuration)
    elif _is_independent(before, configuration) and not _is_independent(after, configuration):
        yield looser(
            "owner", "changed", before.owner, after.owner, "the assessor is now the owner, so it would be self-assessed"
        )
    if before.last_assessed != after.last_assessed:
        yield _last_assessed(before.last_assessed, after.last_assessed)
    yield from checklist_changes("checklist", before.checklist, after.checklist)
    yield from approval_changes("approval", before.approval, after.approval)
    if before.formerly != after.formerly:
        yield neutral("formerly", list(before.formerly), list(after.formerly))


def _assessors(before: Assessable, after: Assessable, configuration: Configuration) -> FieldChange:
    old, new = list(before.assessor_names), list(after.assessor_names)
    if not new:
        return looser("assessor", "removed", old, None, "only the owner assesses it now")
    if not _is_independent(after, configuration):
        return looser("assessor", "changed", old, new, "the assessor is the owner, so it would be self-assessed")
    return neutral("assessor", old or None, new, "another assessor")


def _is_independent(subject: Assessable, configuration: Configuration) -> bool:
    """Whether an assessor does not own the subject."""
    own = {login.lower() for login in configuration.people(subject.owner)}
    return any(login.lower() not in own for role in subject.assessor_names for login in configuration.people(role))


def _last_assessed(before: date | None, after: date | None) -> FieldChange:
    old, new = before and str(before), after and str(after)
    if after is not None and (before is None or after > before):
        return looser("last_assessed", "raised", old, new, "an imported, unverified date moves the due date later")
    return tighter("last_assessed", "lowered", old, new, "the due date counts from an earlier date")


def _status(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    if before.status == after.status:
        return
    if before.status is Status.ACTIVE:
        yield looser("status", "retired" if after.status is Status.RETIRED else "changed", before.status, after.status,
                     "it no longer mitigates anything")  # fmt: skip
    elif after.status is Status.ACTIVE:
        yield tighter("status", "changed", before.status, after.status, "it is now in force")
    else:
        yield neutral("status", before.status, after.status)


def _clock(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    yield from _longer("every", before.interval, after.interval, "the interval is longer", "the interval is shorter")
    yield from _longer(
        "reassess.at_least_after", before.earliest, after.earliest, "it may be done later", "it may be done earlier"
    )
    yield from _grace(before, after)
    old, new = before.reassess, after.reassess
    depths = [reassess.depth if reassess else None for reassess in (old, new)]
    if depths[0] != depths[1]:
        way = tighter if depths[1] is Depth.FULL else looser
        yield way("reassess.depth", "changed", depths[0], depths[1], "how thorough a re-assessment is")
    grounds = [[condition.id for condition in reassess.unless] if reassess else [] for reassess in (old, new)]
    reasons = ("one more condition allows skipping it", "one condition less allows skipping it")
    yield from members("reassess.unless", grounds[0], grounds[1], more=Direction.LOOSER, why=reasons)
    triggers = [[plain(trigger) for trigger in reassess.triggers] if reassess else [] for reassess in (old, new)]
    reasons = ("one more trigger starts a re-assessment", "a trigger no longer starts a re-assessment")
    yield from members("reassess.triggers", triggers[0], triggers[1], more=Direction.TIGHTER, why=reasons)


def _longer(name: str, old: Duration | None, new: Duration | None, longer: str, shorter: str) -> Iterator[FieldChange]:
    if old == new:
        return
    was, now = old and old.words(), new and new.words()
    if new is None:
        yield looser(name, "removed", was, None, "it has no due date now")
    elif old is None:
        yield tighter(name, "added", None, now, "it now has a due date")
    elif new.after(_ANY_DAY) > old.after(_ANY_DAY):
        yield looser(name, "lengthened", was, now, longer)
    else:
        yield tighter(name, "shortened", was, now, shorter)


def _grace(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    if before.grace.after(_ANY_DAY) < after.grace.after(_ANY_DAY):
        yield looser(
            "reassess.grace", "lengthened", before.grace.words(), after.grace.words(), "it becomes overdue later"
        )
    elif before.grace != after.grace:
        yield tighter(
            "reassess.grace", "shortened", before.grace.words(), after.grace.words(), "it becomes overdue earlier"
        )


def _conditions(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    old, new = ([condition.text for condition in mitigation.invalidation_conditions] for mitigation in (before, after))
    why = ("one more invalidation condition is stated", "an invalidation condition is no longer stated")
    yield from members("invalidation_conditions", old, new, more=Direction.TIGHTER, why=why)
    watches = [
        {condition.text: condition.watch for condition in mitigation.invalidation_conditions}
        for mitigation in (before, after)
    ]
    for text in watches[0].keys() & watches[1].keys():
        if watches[0][text] != watches[1][text]:
            yield neutral("invalidation_conditions", watches[0][text], watches[1][text], "another signal is watched")
