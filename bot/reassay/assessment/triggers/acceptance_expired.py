"""acceptance-expired: fires when a risk acceptance has expired without a decision or a renewal since."""

from datetime import timedelta

from reassay.assessment.triggers.base import Fired, Pending, Result, Skipped, StatedTrigger, TriggerInput
from reassay.register.trigger_specs import AcceptanceExpiredSpec

KIND = "acceptance-expired"


def evaluate(spec: AcceptanceExpiredSpec, facts: TriggerInput) -> Result:
    """The result from the acceptance that ends last, as a later one renews an earlier one."""
    acceptances = [
        acceptance
        for acceptance in facts.register_index.acceptances.get(facts.subject.id, ())
        if acceptance.covers(facts.cell)
    ]
    if not acceptances:
        return Skipped(KIND, "no risk acceptance covers it")
    longest = max(acceptances, key=lambda acceptance: (acceptance.expires_at, acceptance.id))
    ends = longest.expires_at + timedelta(days=1)
    if facts.today < ends:
        return Pending(KIND, f"the risk acceptance '{longest.id}' ends on {longest.expires_at}", ends, ends)
    last = facts.baseline(spec.depth)
    if last is not None and last.on >= ends:
        return Skipped(KIND, f"the risk acceptance '{longest.id}' ended before {last.words()}")
    return Fired(KIND, f"the risk acceptance '{longest.id}' ended on {longest.expires_at}", about=longest.id)


TRIGGER = StatedTrigger(
    KIND,
    AcceptanceExpiredSpec,
    evaluate,
    frozenset({"risk-acceptance"}),
    for_every_mitigation=AcceptanceExpiredSpec.model_construct(kind="acceptance-expired"),
)
