"""manual: fires on the request of a person whose role permits it."""

from reassay.assessment.triggers.base import NOTHING, BuiltInTrigger, Fired, Result, Skipped, TriggerInput

KIND = "manual"
REASON = "a re-assessment was requested"


def evaluate(facts: TriggerInput) -> Result:
    """The result for the first undecided request."""
    if not facts.requests:
        return Skipped(KIND, "nobody asked")
    request = facts.requests[0]
    return Fired(
        KIND,
        request.reason,
        requested_by=request.account_id,
        depth=request.depth,
        about=request.about,
        because=request.because,
    )


TRIGGER = BuiltInTrigger(KIND, evaluate, NOTHING)
