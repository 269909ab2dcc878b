"""evidence-stale: the newest evidence is older than allowed."""

from datetime import timedelta

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result, StatedTrigger, TriggerInput
from reassay.register.evidence_item import EvidenceItem
from reassay.register.trigger_specs import EvidenceStaleSpec

KIND = "evidence-stale"


def evaluate(spec: EvidenceStaleSpec, facts: TriggerInput) -> Result:
    """Fires once for each piece of evidence that grows too old; until there is a newer one, nobody can say more."""
    found = [each for each in facts.register_index.evidence.get(facts.subject.id, ()) if _covers(each, facts.cell)]
    held = [each for each in found if each.performed_at <= facts.today]
    if not held:
        return Blind(KIND, "no evidence item speaks to it, so its evidence has no age")
    newest = max(held, key=lambda each: (each.performed_at, each.id))
    last_day = spec.older_than.after(newest.performed_at)
    words = f"the newest evidence, '{newest.id}', is of {newest.performed_at}; {spec.older_than.words()} is allowed"
    stale = last_day + timedelta(days=1)
    if facts.today < stale:
        return Pending(KIND, words, stale, stale)
    last = facts.baseline(spec.depth)
    if last is not None and last.on >= stale:
        return Blind(KIND, f"{words}; {last.words()} was decided without newer evidence")
    return Fired(KIND, words, about=newest.id)


def _covers(item: EvidenceItem, cell: str) -> bool:
    """Evidence that names no deployment speaks to all of them."""
    return cell == EVERYWHERE or not item.scope.deployments or cell in item.scope.deployments


TRIGGER = StatedTrigger(KIND, EvidenceStaleSpec, evaluate)
