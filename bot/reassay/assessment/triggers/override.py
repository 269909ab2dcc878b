"""override: fires when a pull request that concerns the subject was merged by an override of the gate."""

from reassay.assessment.triggers.base import NOTHING, BuiltInTrigger, Fired, Result, Skipped, TriggerInput

KIND = "override"


def evaluate(facts: TriggerInput) -> Result:
    """The result for the last override; a decision recorded after it settles it."""
    last = facts.last.seq or 0 if facts.last else 0
    mine = [
        (record, body)
        for record, body in facts.register_index.overrides
        if facts.subject.id in {facts.register_index.history.present(name) for name in body.subjects}
        and record.seq > last
    ]
    if not mine:
        return Skipped(KIND, "no pull request about it was let through by an override")
    record, body = mine[-1]
    return Fired(
        KIND,
        f"#{body.pull} was let through by an override (entry {record.seq})",
        body.until,
        about=f"entry {record.seq}",
    )


TRIGGER = BuiltInTrigger(KIND, evaluate, NOTHING)
