"""follow-up-overdue: fires when a degraded cell rests on a follow-up whose date passed before anybody verified it."""

from datetime import timedelta

from reassay.assessment.triggers.base import BuiltInTrigger, Fired, Pending, Result, Skipped, TriggerInput

KIND = "follow-up-overdue"


def evaluate(facts: TriggerInput) -> Result:
    """The result for the follow-ups of the last decision, if that was *degraded*: it needs one in time, or an accepted risk."""
    last = facts.last
    if last is None or last.decision != "degraded" or last.record is None:
        return Skipped(KIND, "it does not rest on a follow-up", is_certain=True)
    own = [follow_up for follow_up in facts.register_index.follow_ups.get(last.record, ()) if follow_up.is_open]
    if not own:
        return Skipped(KIND, "no follow-up is open", is_certain=True)
    accepted = [
        acceptance
        for acceptance in facts.register_index.acceptances.get(facts.subject.id, ())
        if acceptance.covers(facts.cell) and acceptance.expires_at >= facts.today
    ]
    if accepted:
        return Skipped(KIND, f"the risk is accepted until {max(acceptance.expires_at for acceptance in accepted)}")
    first = min(own, key=lambda own: (own.due, own.number))
    if first.is_overdue(facts.today):
        why = "`degraded` needs a follow-up in time or an accepted risk"
        return Fired(KIND, f"{first.name} was due on {first.due} and is not verified: {why}", about=first.name)
    return Pending(KIND, f"{first.name} is due on {first.due}", first.due, first.due + timedelta(days=1))


TRIGGER = BuiltInTrigger(KIND, evaluate, frozenset({"risk-acceptance"}))
