"""evidence-stale: fires when the newest evidence is older than allowed."""

from datetime import timedelta

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result, StatedTrigger, TriggerInput
from reassay.assessment.triggers.interval import opening
from reassay.register.evidence_item import EvidenceItem
from reassay.register.trigger_specs import EvidenceStaleSpec

KIND = "evidence-stale"


def evaluate(spec: EvidenceStaleSpec, facts: TriggerInput) -> Result:
    """The result for the newest evidence: it fires once, and is blind from the next decision until newer evidence exists.

    Evidence with an owner fires `open_before` ahead, too.
    """
    items = [item for item in facts.register_index.evidence.get(facts.subject.id, ()) if covers(item, facts.cell)]
    performed = [item for item in items if item.performed_at <= facts.today]
    if not performed:
        return Blind(KIND, "no evidence item speaks to it, so its evidence has no age")
    newest = max(performed, key=lambda item: (item.performed_at, item.id))
    last_day = spec.older_than.after(newest.performed_at)
    words = f"the newest evidence, '{newest.id}', is of {newest.performed_at}; {spec.older_than.words()} is allowed"
    stale = last_day + timedelta(days=1)
    last = facts.baseline(spec.depth)
    if facts.today < stale:
        # Who owns it renews it before that day, unless it was decided in the meantime.
        opens = opening(newest.performed_at, last_day, facts) if newest.owner else stale
        opens = stale if last is not None and last.on >= opens else opens
        if facts.today >= opens:
            return Fired(KIND, f"{words}; {newest.owner} renews it", last_day, about=newest.id)
        return Pending(KIND, words, stale, opens)
    if last is not None and last.on >= stale:
        return Blind(KIND, f"{words}; {last.words()} was decided without newer evidence")
    return Fired(KIND, words, about=newest.id)


def covers(item: EvidenceItem, cell: str) -> bool:
    """Whether evidence covers a cell; evidence that names no deployment covers all."""
    return cell == EVERYWHERE or not item.scope.deployments or cell in item.scope.deployments


TRIGGER = StatedTrigger(KIND, EvidenceStaleSpec, evaluate, frozenset({"evidence-item"}))
