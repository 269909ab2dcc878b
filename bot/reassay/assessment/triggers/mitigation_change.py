"""mitigation-change: fires when the version differs from the assessed one, or the target is looser."""

import json

from pydantic import ValidationError

from reassay.assessment.snapshot import MITIGATION
from reassay.assessment.triggers.base import (
    NOTHING,
    BuiltInTrigger,
    Fired,
    LastAssessment,
    Result,
    Skipped,
    TriggerInput,
)
from reassay.changes.durations import never_longer
from reassay.common.calendar import Duration
from reassay.register.criteria import Criterion, Target
from reassay.register.mitigation import Mitigation

KIND = "mitigation-change"


def evaluate(facts: TriggerInput) -> Result:
    """The result of comparing with the last assessed snapshot, so that small steps add up."""
    last = facts.last
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
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
    sides = [(name, getattr(before, name), getattr(after, name)) for name in type(before).model_fields]
    return [
        f"criterion '{before.name}': {name} changed from {_say(old)} to {_say(new)}"
        for name, old, new in sides
        if old != new and not _tighter(name, old, new)
    ]


def _tighter(field: str, old: object, new: object) -> bool:
    """Whether a change of a bound makes it stricter."""
    if isinstance(old, Duration) and isinstance(new, Duration):
        return field == "at_most" and never_longer(new, old)
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return False
    return {"at_most": new < old, "at_least": new > old, "margin": new > old}.get(field, False)


def _say(value: object) -> str:
    return "unstated" if value is None else str(value)


TRIGGER = BuiltInTrigger(KIND, evaluate, NOTHING)
