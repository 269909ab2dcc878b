"""The semantic difference of two registers, object by object and field by field. Pure: both sides are given."""

from collections.abc import Iterator, Mapping
from datetime import date

from reassay.changes.base import Change, Direction, Half, rest
from reassay.changes.deployment import Measure, deployment_halves
from reassay.changes.mitigation import mitigation_halves
from reassay.changes.others import CAME, RULES, WENT, commitment_halves
from reassay.changes.policy import policy_changes
from reassay.common.canonical import canonical
from reassay.register.commitment import Commitment
from reassay.register.deployment import Deployment
from reassay.register.finding import Origin
from reassay.register.mitigation import Mitigation
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject

Files = Mapping[str, tuple[str | None, str | None]]


def compare(before: Register, after: Register, today: date, files: Files | None = None) -> tuple[Change, ...]:
    """Every difference, in order of kind, id and field. `files` are guarded files that differ, with digests of both sides.

    What is significant is judged by the configuration of `before`: a change cannot be judged by its own rules.
    """
    found = list(policy_changes(before.configuration, after.configuration, after.configuration_origin, files or {}))
    for kind in KINDS:
        found += _of_kind(kind, before, after, today)
    return tuple(found)


def measure_for(before: Register, deployment: str, today: date) -> Measure:
    """By what a deployment's changes are judged."""
    covered = {
        language.casefold(): entry.value.id
        for entry in before.evidence_items.values()
        if deployment in entry.value.scope.deployments or not entry.value.scope.deployments
        for language in entry.value.scope.languages
    }
    return Measure(today, before.configuration.significance, covered)


def _of_kind(kind: str, before: Register, after: Register, today: date) -> Iterator[Change]:
    old, new = before.objects(kind), after.objects(kind)
    renamed = _renamed(old, new)
    for name in sorted(old.keys() | new.keys()):
        if name in renamed.values() and name not in old:
            continue
        now = renamed.get(name, name)
        if name in old and now in new:
            yield from _between(kind, old[name], new[now], before, today)
        elif name in old:
            yield _went(kind, name, old[name].origin, is_unreadable=name in after.broken.get(kind, frozenset()))
        else:
            yield _came(kind, name, new[name].origin)


def _renamed(
    old: Mapping[str, RegisterEntry[RegisterObject]], new: Mapping[str, RegisterEntry[RegisterObject]]
) -> Mapping[str, str]:
    """Former id to present id, of objects that say so themselves."""
    return {
        former: name
        for name, entry in new.items()
        for former in getattr(entry.value, "formerly", ())
        if former in old and former not in new and name not in old
    }


def _came(kind: str, name: str, origin: Origin) -> Change:
    direction, why = CAME.get(kind, (Direction.NEUTRAL, "recorded"))
    significant = direction is Direction.LOOSER and kind == "deployment"
    return Change(kind, name, "", "added", None, name, direction, significant, why, at=origin.at())


def _went(kind: str, name: str, origin: Origin, *, is_unreadable: bool) -> Change:
    direction, why = WENT[kind]
    word = "unreadable" if is_unreadable else "removed"
    why = "it cannot be read any more, which counts as removed" if is_unreadable else why
    significant = direction is Direction.LOOSER and kind in {"mitigation", "threat-model"}
    direction = Direction.LOOSER if is_unreadable else direction
    return Change(kind, name, "", word, name, None, direction, significant, why, at=origin.at())


def _between(
    kind: str,
    old: RegisterEntry[RegisterObject],
    new: RegisterEntry[RegisterObject],
    before: Register,
    today: date,
) -> Iterator[Change]:
    if old is new or (old.value == new.value and canonical_same(old, new)):
        return
    for half in _halves(kind, old.value, new.value, before, today):
        location = half.field.split(".")[0]
        yield Change(
            kind,
            new.value.id,
            half.field,
            half.change,
            half.before,
            half.after,
            half.direction,
            half.significant,
            half.why,
            half.sort,
            new.origin.at_key(location),
        )
    if old.value.id != new.value.id:
        yield Change(kind, new.value.id, "id", "renamed", old.value.id, new.value.id, Direction.NEUTRAL, significant=False,
                     why="its history stays its own", at=new.origin.at_key("id"))  # fmt: skip


def canonical_same(old: RegisterEntry[RegisterObject], new: RegisterEntry[RegisterObject]) -> bool:
    """Whether two documents say the same, as written."""
    return canonical(dict(old.written)) == canonical(dict(new.written))


def _halves(kind: str, old: RegisterObject, new: RegisterObject, before: Register, today: date) -> Iterator[Half]:
    match old, new:
        case Mitigation(), Mitigation():
            # People stand behind roles as the side before has them: a change cannot make its own assessor independent.
            return mitigation_halves(old, new, before.configuration)
        case Deployment(), Deployment():
            return deployment_halves(old, new, measure_for(before, old.id, today))
        case Commitment(), Commitment():
            return commitment_halves(old, new, before.configuration)
        case _:
            rule = RULES.get(kind)
            return rule(old, new) if rule else rest(old, new, ())
