"""bypass: fires when a change that concerns the subject was merged without the gate."""

from reassay.assessment.triggers.base import NOTHING, BuiltInTrigger, Fired, Result, Skipped, TriggerInput

KIND = "bypass"


def evaluate(facts: TriggerInput) -> Result:
    """The result for the last bypass; a decision recorded after it settles it."""
    last = facts.last.seq or 0 if facts.last else 0
    mine = [
        (record, body)
        for record, body in facts.register_index.bypasses
        if facts.subject.id in {facts.register_index.history.present(name) for name in body.subjects}
        and record.seq > last
    ]
    if not mine:
        return Skipped(KIND, "no change about it bypassed the merge gate")
    record, body = mine[-1]
    commits = ", ".join(commit[:7] for commit in body.commits[:3]) + (" and others" if len(body.commits) > 3 else "")  # noqa: PLR2004 -- enough to find them
    return Fired(
        KIND,
        f"a change to what it rests on bypassed the merge gate (commit {commits}, entry {record.seq})",
        body.review_by,
        about=f"entry {record.seq}",
    )


TRIGGER = BuiltInTrigger(KIND, evaluate, NOTHING)
