"""mitigation-change: fires when the version differs from the assessed one, or the target is looser."""

import json

from pydantic import ValidationError

from reassay.assessment.snapshot import MITIGATION
from reassay.assessment.triggers.base import BuiltInTrigger, Fired, LastAssessment, Result, Skipped, TriggerInput
from reassay.register.criteria import Criterion, Target
from reassay.register.mitigation import Mitigation

KIND = "mitigation-change"


def evaluate(facts: TriggerInput) -> Result:
    """The result of comparing with the last assessed snapshot, so that small steps add up."""
    last = facts.last
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with")
    if last.version is None:
        return Skipped(KIND, "the imported assessment does not say which version it was about")
    if facts.subject.version != last.version:
        return Fired(KIND, f"version {facts.subject.version} is in force, {last.words()} was about {last.version}")
    if not isinstance(facts.subject, Mitigation):
        return Skipped(KIND, f"version {last.version} is the one assessed")
    written = facts.register.subjects[facts.subject.id].written
    looser = _loosened(last, facts.subject) if last.part(MITIGATION) != written else ()
    if looser:
        return Fired(KIND, f"its target is looser than the one assessed in {last.record}: {'; '.join(looser)}")
    return Skipped(KIND, f"version {last.version} is the one assessed, and its target is not looser")


def _loosened(last: LastAssessment, now: Mitigation) -> tuple[str, ...]:
    written = last.part(MITIGATION).get("target")
    if written is None:
        return ()
    try:
        before = Target.model_validate_json(json.dumps(written))
    except ValidationError:
        # Unreadable means unknown, so it counts as a difference.
        return ("the target assessed then cannot be read by this version",)
    return tuple(loosened(before, now.target))


def loosened(before: Target, after: Target | None) -> list[str]:
    """The respects in which target `after` is looser than `before`, as sentences; incomparable changes count as looser."""
    if after is None:
        return ["the target was removed"]
    changes = []
    if after.statement != before.statement:
        changes.append("its statement was rewritten, and text cannot be compared")
    changes += [
        f"{name} changed from {old or 'unstated'} to {new or 'unstated'}"
        for name, old, new in (
            ("actor", before.actor, after.actor),
            ("resources", before.resources, after.resources),
        )
        if old != new
    ]
    kept = {criterion.name: criterion for criterion in after.criteria}
    for criterion in before.criteria:
        changes += _criterion(criterion, kept.get(criterion.name))
    return changes


def _criterion(before: Criterion, after: Criterion | None) -> list[str]:
    if after is None:
        return [f"criterion '{before.name}' was removed"]
    if before.kind != after.kind:
        return [f"criterion '{before.name}' became a {after.kind} instead of a {before.kind}"]
    old, new = before.model_dump(), after.model_dump()
    return [
        f"criterion '{before.name}': {field} changed from {_say(old[field])} to {_say(new[field])}"
        for field in old
        if old[field] != new[field] and not _tighter(field, old[field], new[field])
    ]


def _tighter(field: str, old: object, new: object) -> bool:
    """Whether a change of a numeric bound makes it stricter."""
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return False
    return {"at_most": new < old, "at_least": new > old, "margin": new > old}.get(field, False)


def _say(value: object) -> str:
    return "unstated" if value is None else str(value)


TRIGGER = BuiltInTrigger(KIND, evaluate)
