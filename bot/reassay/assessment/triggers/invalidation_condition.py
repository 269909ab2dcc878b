"""invalidation-condition: fires when a person asserts that a stated condition has come about (EU CoP 7.2(2), 7.6(1))."""

from reassay.assessment.triggers.base import Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.common.canonical import canonical, digest
from reassay.register.trigger_specs import InvalidationConditionSpec

KIND = "invalidation-condition"


def condition_digest(text: str) -> str:
    """The ledger's name of a condition: the digest of its text, as conditions have no id."""
    return f"condition/1:{digest(canonical(text))}"


def evaluate(spec: InvalidationConditionSpec, facts: TriggerInput) -> Result:
    """The result for assertions after the last assessment, which settles earlier ones."""
    nobody = Skipped(KIND, f"nobody has said that it has come about: {spec.condition}")
    asserted = facts.register_index.asserted.get(facts.subject.id, ())
    if not asserted:
        return nobody
    name = condition_digest(spec.condition)
    last = facts.baseline(spec.depth)
    since = (last.seq or 0) if last is not None else 0
    if not any(body.condition == name and seq > since for seq, body in asserted):
        return nobody
    return Fired(KIND, f"somebody says that this has come about: {spec.condition}", about=name[-12:])


TRIGGER = StatedTrigger(KIND, InvalidationConditionSpec, evaluate)
