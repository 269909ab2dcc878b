"""Changes of a mitigation, field by field, with their direction."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from reassay.changes.approval import approval_changes, checklist_changes
from reassay.changes.base import Direction, FieldChange, looser, members, narrowed, neutral, rest, tighter, uncompared
from reassay.changes.durations import duration_change
from reassay.changes.target import target_changes
from reassay.changes.terms import Terms
from reassay.changes.triggers import FOR_MITIGATIONS, ground_changes, trigger_changes
from reassay.register.assessable import Assessable
from reassay.register.base import Depth, Status
from reassay.register.commitment import Commitment
from reassay.register.configuration import Configuration
from reassay.register.mitigation import Mitigation, Reassess

EFFECTLESS: Mapping[str, str] = {"taxonomy": "codes of published taxonomies; no rule and no trigger reads them"}
"""Field -> how it is known that its change has no effect."""
_PROSE: Mapping[str, str] = {
    "title": "it says what the mitigation is, and text cannot be compared",
    "description": "it says what the mitigation does, and text cannot be compared",
}
_SORTED_BY: Mapping[str, str] = {
    "function": "coverage counts it for another function",
    "actor": "somebody else carries it out",
    "serves": "it now protects something else, so its last assessment may not apply",
}
SHARED = frozenset({"version", "owner", "assessor", "assessors", "last_assessed", "checklist", "approval", "formerly"})
"""Fields of mitigations and commitments that `assessable_changes` treats."""


def mitigation_changes(before: Mitigation, after: Mitigation, terms: Terms) -> Iterator[FieldChange]:
    """Changes of a mitigation."""
    yield from _status(before, after)
    yield from assessable_changes(before, after, terms)
    yield from _prose(before, after)
    yield from _clock(before, after)
    yield from target_changes(before.target, after.target)
    reasons = (
        "nobody has assessed it against this threat, and it would count as a layer",
        "it no longer works against it",
    )
    yield from _claims("threat_models", before.threat_models, after.threat_models, reasons)
    yield from narrowed(
        "deployments", before.deployments, after.deployments, less=Direction.LOOSER,
        why={"all": "it serves every deployment now", "some": "it served every deployment; the others lose this safeguard",
             "more": "it serves one more deployment", "fewer": "a deployment loses this safeguard"},
    )  # fmt: skip
    reasons = ("it depends on one assumption more", "an assumption is no longer stated")
    yield from _claims("assumptions", before.assumptions, after.assumptions, reasons)
    reasons = ("a shared cause of failure is stated", "a shared cause of failure is no longer stated")
    yield from members("common_causes", before.common_causes, after.common_causes, more=Direction.TIGHTER, why=reasons)
    yield from condition_changes(before, after)
    if before.layer != after.layer:
        why = "nobody has assessed it in this layer" if after.layer else "it no longer counts for a layer"
        yield looser("layer", "changed", before.layer, after.layer, why)
    for name, why in _SORTED_BY.items():
        if getattr(before, name) != getattr(after, name):
            yield uncompared(name, getattr(before, name), getattr(after, name), why)
    if before.kind_of_control != after.kind_of_control:
        why = "coverage counts it as another kind of control, and nobody has assessed it as that"
        yield looser("kind_of_control", "changed", before.kind_of_control, after.kind_of_control, why)
    done = {*SHARED, *_PROSE, *_SORTED_BY, "kind_of_control", "threat_models",
            "deployments", "common_causes", "assumptions", "status", "target", "every",
            "reassess", "invalidation_conditions", "layer"}  # fmt: skip
    yield from rest(before, after, done, EFFECTLESS)


def _prose(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    for name, why in _PROSE.items():
        if getattr(before, name) != getattr(after, name):
            yield uncompared(name, getattr(before, name), getattr(after, name), why)


def _claims(
    name: str, before: tuple[str, ...], after: tuple[str, ...], reasons: tuple[str, str]
) -> Iterator[FieldChange]:
    """Members of which one more is a claim that nobody assessed, and one less a claim withdrawn: both count as looser."""
    for change in members(name, before, after, more=Direction.LOOSER, why=reasons):
        yield (
            change if change.direction is Direction.LOOSER else looser(name, "removed", change.before, None, change.why)
        )


def assessable_changes(before: Assessable, after: Assessable, terms: Terms) -> Iterator[FieldChange]:
    """Changes of the fields that mitigations and commitments share. Roles are those of the base's configuration."""
    if after.version != before.version:
        is_raised = after.version > before.version
        why = "not the assessed version" if is_raised else "back to an earlier version"
        yield looser("version", "raised" if is_raised else "lowered", before.version, after.version, why)
    yield from _people(before, after, terms.configuration)
    if before.last_assessed != after.last_assessed:
        yield _last_assessed(before.last_assessed, after.last_assessed)
    yield from checklist_changes("checklist", before.checklist, after.checklist)
    replaces = not terms.configuration.gate.loosening
    yield from approval_changes("approval", before.approval, after.approval, replaces_default=replaces)
    yield from _formerly(before, after)


def _formerly(before: Assessable, after: Assessable) -> Iterator[FieldChange]:
    old, new = set(before.formerly), set(after.formerly)
    if old == new:
        return
    own = {before.id} if before.id != after.id else set()
    if new - old == own and old <= new:
        yield neutral(
            "formerly", list(before.formerly), list(after.formerly), "it keeps its own history under another id"
        )
    elif new - old - own:
        yield uncompared("formerly", before.formerly, after.formerly, "it takes over the history of another id")
    else:
        yield uncompared("formerly", before.formerly, after.formerly, "it gives up its own history")


def _people(before: Assessable, after: Assessable, configuration: Configuration) -> Iterator[FieldChange]:
    """Changes of owner and assessors, each of whom holds rights: to triage, defer, attach, answer and decide."""
    if before.owner != after.owner:
        why = "another owner may triage, defer and attach evidence; nobody says that they agreed"
        if _is_independent(before, configuration) and not _is_independent(after, configuration):
            why = "the assessor is now the owner, so it would be self-assessed"
        yield uncompared("owner", before.owner, after.owner, why)
    for name in ("assessor", "assessors"):
        if getattr(before, name) != getattr(after, name):
            yield _assessors(name, before, after, configuration)


def _assessors(name: str, before: Assessable, after: Assessable, configuration: Configuration) -> FieldChange:
    old, new = list(before.assessor_names), list(after.assessor_names)
    if set(old) == set(new):
        return neutral(name, old, new, "the same roles")
    if not new:
        return looser(name, "removed", old, None, "only the owner assesses it now")
    if not _is_independent(after, configuration):
        return looser(name, "changed", old, new, "the assessor is the owner, so it would be self-assessed")
    why = "fewer people look at it" if set(new) < set(old) else "other people may decide it"
    return uncompared(name, old or None, new, why)


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
        yield neutral("status", before.status, after.status, "it is not in force in either case")


def _clock(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    yield from _interval(before, after)
    old, new = before.reassess or Reassess(), after.reassess or Reassess()
    yield from duration_change("reassess.at_least_after", old.at_least_after, new.at_least_after,
                               "it may be done later", "it may be done earlier")  # fmt: skip
    if old.grace != new.grace:
        yield from duration_change("reassess.grace", before.grace, after.grace,
                                   "it becomes overdue later", "it becomes overdue earlier")  # fmt: skip
    if old.depth != new.depth:
        way = tighter if new.depth is Depth.FULL else looser
        yield way("reassess.depth", "changed", old.depth, new.depth, "how thorough a re-assessment is")
    yield from ground_changes("reassess.unless", old.unless, new.unless)
    reasons = ("one more trigger starts a re-assessment", "a trigger no longer starts a re-assessment")
    yield from trigger_changes("reassess.triggers", old.triggers, new.triggers, reasons, FOR_MITIGATIONS)
    done = {"every", "at_least_after", "grace", "depth", "unless", "triggers"}
    yield from rest(old, new, done, under="reassess.")


def _interval(before: Mitigation, after: Mitigation) -> Iterator[FieldChange]:
    """Changes of the interval, wherever it is written: as `every` or as `reassess.every`."""
    nested = [side.reassess.every if side.reassess else None for side in (before, after)]
    places = ["every"] if before.every != after.every else []
    places += ["reassess.every"] if nested[0] != nested[1] else []
    if not places:
        return
    old, new = before.interval, after.interval
    if before.schedule != after.schedule:
        why = "other dates, which may be later"
        yield uncompared(places[0], nested[0] or before.every, nested[1] or after.every, why)
    elif old == new:
        for name in places:
            why = "the same interval, written elsewhere" if old else "no figure is stated in either case"
            yield neutral(name, old and old.words(), new and new.words(), why)
    elif old is None and new is not None:
        yield tighter(places[0], "added", None, new.words(), "it now has a due date")
    elif old is not None and new is None:
        yield looser(places[0], "removed", old.words(), None, "it has no due date now")
    else:
        yield from duration_change(places[0], old, new, "the interval is longer", "the interval is shorter")
    for name in places[1:] if old != new or before.schedule != after.schedule else ():
        yield neutral(name, None, None, "the interval is written elsewhere")


ConditionalT = TypeVar("ConditionalT", Mitigation, Commitment)


def condition_changes(before: ConditionalT, after: ConditionalT) -> Iterator[FieldChange]:
    """Changes of invalidation conditions; one that is no longer stated counts as looser."""
    old, new = ([condition.text for condition in subject.invalidation_conditions] for subject in (before, after))
    why = ("one more invalidation condition is stated", "an invalidation condition is no longer stated")
    yield from members("invalidation_conditions", old, new, more=Direction.TIGHTER, why=why)
    then, now = (
        {condition.text: condition for condition in subject.invalidation_conditions} for subject in (before, after)
    )
    for text in then:
        if text in now and then[text] != now[text]:
            yield uncompared("invalidation_conditions", then[text], now[text], "another signal is watched")
