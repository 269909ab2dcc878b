"""override: somebody broke the glass on a pull request that concerns it; what was let through is looked at afterwards."""

from reassay.assessment.triggers.base import BuiltInTrigger, Fired, Result, Skipped, TriggerInput

KIND = "override"


def evaluate(facts: TriggerInput) -> Result:
    """An override is settled by a decision that was recorded after it."""
    last = facts.last.seq or 0 if facts.last else 0
    mine = [
        (noted, body)
        for noted, body in facts.register_index.overrides
        if facts.subject.id in {facts.register_index.history.present(name) for name in body.subjects}
        and noted.seq > last
    ]
    if not mine:
        return Skipped(KIND, "no pull request about it was let through by an override")
    noted, body = mine[-1]
    return Fired(
        KIND,
        f"#{body.pull} was let through by an override (entry {noted.seq})",
        body.until,
        about=f"entry {noted.seq}",
    )


TRIGGER = BuiltInTrigger(KIND, evaluate)
