"""invalidation-condition: a foreseeable ground for doubt has come about, because somebody says so (EU CoP 7.2(2), 7.6(1))."""

from reassay.assessment.triggers.base import CellFacts, Fired, Result, Skipped
from reassay.common.canonical import canonical, digest
from reassay.register.trigger_specs import InvalidationConditionSpec

KIND = "invalidation-condition"
SPEC = InvalidationConditionSpec


def evaluate(spec: InvalidationConditionSpec, facts: CellFacts) -> Result:
    """What was asserted before the last assessment was settled by it."""
    nobody = Skipped(KIND, f"nobody has said that it has come about: {spec.condition}")
    asserted = facts.around.asserted.get(facts.subject.id, ())
    if not asserted:
        return nobody
    name = f"condition/1:{digest(canonical(spec.condition))}"
    last = facts.baseline(spec.depth)
    since = (last.seq or 0) if last is not None else 0
    if not any(body.condition == name and seq > since for seq, body in asserted):
        return nobody
    return Fired(KIND, f"somebody says that this has come about: {spec.condition}", about=name[-12:])
