"""mitigation-change: fires when the version differs from the assessed one, or the target is looser."""

from collections.abc import Iterable

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
from reassay.changes.base import Direction, FieldChange, say
from reassay.changes.criterion import criterion_changes
from reassay.changes.target import resource_changes
from reassay.register.criteria import Criterion, Target
from reassay.register.foreign_keys import read_written
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
        before = read_written(Target, written)
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
    if after.actor != before.actor:
        changes.append(f"actor changed from {before.actor or 'unstated'} to {after.actor or 'unstated'}")
    changes += _looser(resource_changes(before.resources, after.resources))
    kept = {criterion.name: criterion for criterion in after.criteria}
    for criterion in before.criteria:
        changes += _criterion(criterion, kept.get(criterion.name))
    return changes


def _criterion(before: Criterion, after: Criterion | None) -> list[str]:
    if after is None:
        return [f"criterion '{before.name}' was removed"]
    if before.kind != after.kind:
        return [f"criterion '{before.name}' became a {after.kind} instead of a {before.kind}"]
    return [f"criterion '{before.name}': {words}" for words in _looser(criterion_changes(before, after))]


def _looser(changes: Iterable[FieldChange]) -> list[str]:
    return [
        f"{change.field.removeprefix('target.')} changed from {_say(change.before)} to {_say(change.after)}"
        for change in changes
        if change.direction is Direction.LOOSER
    ]


def _say(value: object) -> str:
    return "unstated" if value is None else say(value)


TRIGGER = BuiltInTrigger(KIND, evaluate, NOTHING)
