"""manual: fires on the request of a person whose role permits it."""

from reassay.assessment.triggers.base import (
    NOTHING,
    BuiltInTrigger,
    Fired,
    ManualRequest,
    Result,
    Skipped,
    TriggerInput,
)
from reassay.ledger.reassessment import Reassessment

KIND = "manual"
REASON = "a re-assessment was requested"


def requests_of(covering: Reassessment | None) -> tuple[ManualRequest, ...]:
    """The undecided requests of the open re-assessment that covers a cell; none without one."""
    triggers = covering.triggers if covering else ()
    return tuple(
        ManualRequest(trigger.reason, trigger.requested_by, trigger.depth, trigger.about, trigger.because)
        for trigger in triggers
        if trigger.kind == KIND
    )


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
