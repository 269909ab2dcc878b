"""The semantic difference of two registers, object by object and field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from reassay.changes.base import Change, Direction, FieldChange, neutral, rest, unmentioned
from reassay.changes.came_and_went import Arrivals, came, went
from reassay.changes.commitment import commitment_changes
from reassay.changes.deployment import Measure, deployment_changes
from reassay.changes.facts import evidence_changes, incident_changes, information_changes
from reassay.changes.mitigation import mitigation_changes
from reassay.changes.others import acceptance_changes, agreed_changes, model_changes, threat_model_changes
from reassay.changes.policy import policy_changes
from reassay.changes.renames import renames
from reassay.changes.terms import Terms
from reassay.common.canonical import canonical
from reassay.register.acceptance import RiskAcceptance
from reassay.register.commitment import Commitment
from reassay.register.delegation import Delegation
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.foreign_keys import NOT_READ, foreign_keys
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject
from reassay.register.threat_model import ThreatModel

Files = Mapping[str, tuple[str | None, str | None]]


def compare(before: Register, after: Register, today: date, files: Files | None = None) -> tuple[Change, ...]:
    """Changes in order of kind, id and field. `files`: changed guarded file -> digests of both sides.

    The configuration of `before` decides significance, so that a change is not judged by its own rules.
    """
    changes = list(policy_changes(before.configuration, after.configuration, after.configuration_origin, files or {}))
    why_gone = _left_behind(before, after)
    arrivals = Arrivals(before, today)
    for kind in KINDS:
        changes += (_with_reason(change, why_gone) for change in _of_kind(kind, before, after, today, arrivals))
    return tuple(changes)


def _left_behind(before: Register, after: Register) -> str:
    """Why objects are gone that nobody removed one by one: the register is elsewhere, or nowhere; else empty."""
    folders = [side.configuration.register_folder.rstrip("/") for side in (before, after)]
    if folders[0] != folders[1]:
        return f"the register moves to {folders[1]}/ and it is not there"
    if after.is_missing and not before.is_missing:
        return f"there is no register in {folders[1]}/ any more"
    return ""


def _with_reason(change: Change, why_gone: str) -> Change:
    """An object that is gone with the register counts as looser, whatever its kind."""
    if not why_gone or change.change != "removed" or change.field:
        return change
    return replace(change, direction=Direction.LOOSER, why=why_gone)


def measure_for(before: Register, deployment: str, today: date) -> Measure:
    """The input for judging the changes of a deployment, with the languages that evidence of `before` covers."""
    covered = {
        language.casefold(): entry.value.id
        for entry in before.evidence_items.values()
        if deployment in entry.value.scope.deployments or not entry.value.scope.deployments
        for language in entry.value.scope.languages
    }
    return Measure(today, before.configuration.significance, covered)


def _of_kind(kind: str, before: Register, after: Register, today: date, arrivals: Arrivals) -> Iterator[Change]:
    old, new = before.objects(kind), after.objects(kind)
    renamed = renames(old, new)
    taken = frozenset(renamed.values())
    for name in sorted(old.keys() | new.keys()):
        now = renamed.get(name, name)
        if name in taken and name not in old:
            continue
        if name in old and now in new:
            yield from _between(kind, old[name], new[now], before, today)
        elif name in old:
            yield _went(kind, old[name], is_unreadable=name in after.broken.get(kind, frozenset()))
        else:
            yield _came(kind, new[name], arrivals)


def _came(kind: str, entry: RegisterEntry[RegisterObject], arrivals: Arrivals) -> Change:
    direction, why = came(kind, entry, arrivals)
    significant = direction is Direction.LOOSER and kind == "deployment"
    name = entry.value.id
    return Change(kind, name, "", "added", None, name, direction, significant, why, at=entry.origin.at())


def _went(kind: str, entry: RegisterEntry[RegisterObject], *, is_unreadable: bool) -> Change:
    direction, why = went(kind, entry.value)
    word = "unreadable" if is_unreadable else "removed"
    why = "it can no longer be read, which counts as removed" if is_unreadable else why
    significant = direction is Direction.LOOSER and kind in {"mitigation", "threat-model"}
    direction = Direction.LOOSER if is_unreadable else direction
    name = entry.value.id
    return Change(kind, name, "", word, name, None, direction, significant, why, at=entry.origin.at())


def _between(
    kind: str,
    old: RegisterEntry[RegisterObject],
    new: RegisterEntry[RegisterObject],
    before: Register,
    today: date,
) -> Iterator[Change]:
    if old is new or (old.value == new.value and canonical_same(old, new)):
        return
    by_rule = tuple(_field_changes(old.value, new.value, before, today))
    foreign = tuple(_foreign_changes(old, new))
    for field_change in (*by_rule, *unmentioned(old.value, new.value, by_rule), *foreign):
        location = field_change.field.split(".")[0]
        yield Change(
            kind,
            new.value.id,
            field_change.field,
            field_change.change,
            field_change.before,
            field_change.after,
            field_change.direction,
            field_change.significant,
            field_change.why,
            field_change.sort,
            new.origin.at_key(location),
        )
    if old.value.id != new.value.id:
        yield Change(kind, new.value.id, "id", "renamed", old.value.id, new.value.id, Direction.NEUTRAL, significant=False,
                     why="it keeps its history", at=new.origin.at_key("id"))  # fmt: skip


def _foreign_changes(old: RegisterEntry[RegisterObject], new: RegisterEntry[RegisterObject]) -> Iterator[FieldChange]:
    """Changes of foreign keys. They have no effect here, and are listed because a signature covers them."""
    before, after = (foreign_keys(type(side.value), side.written) for side in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield neutral(name, before.get(name), after.get(name), NOT_READ)


def canonical_same(old: RegisterEntry[RegisterObject], new: RegisterEntry[RegisterObject]) -> bool:
    """Whether two documents are equal as written."""
    return canonical(dict(old.written)) == canonical(dict(new.written))


def _field_changes(  # noqa: C901, PLR0911 -- one flat branch for each kind of object
    old: RegisterObject, new: RegisterObject, before: Register, today: date
) -> Iterator[FieldChange]:
    terms = Terms(today, before.configuration)
    match old, new:
        case Mitigation(), Mitigation():
            return mitigation_changes(old, new, terms)
        case Deployment(), Deployment():
            return deployment_changes(old, new, measure_for(before, old.id, today))
        case Commitment(), Commitment():
            return commitment_changes(old, new, terms)
        case ThreatModel(), ThreatModel():
            return threat_model_changes(old, new)
        case Model(), Model():
            return model_changes(old, new)
        case Incident(), Incident():
            return incident_changes(old, new)
        case InformationItem(), InformationItem():
            return information_changes(old, new, terms)
        case EvidenceItem(), EvidenceItem():
            return evidence_changes(old, new)
        case RiskAcceptance(), RiskAcceptance():
            return acceptance_changes(old, new, terms)
        case (Delegation(), Delegation()) | (PastAssessment(), PastAssessment()):
            return agreed_changes(old, new)
        case _:
            return rest(old, new, ())
