"""never-assessed: fires for a mitigation without any assessment; for a commitment after its first interval."""

from collections.abc import Iterable
from dataclasses import replace

from reassay.assessment.triggers.base import CLOCKS, BuiltInTrigger, Fired, Pending, Result, Skipped, TriggerInput
from reassay.assessment.triggers.clocks import compares, first_date, shortest
from reassay.assessment.triggers.interval import opening
from reassay.common.calendar import local_date
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.trigger_specs import AllSpec, AnySpec, AnyTrigger

KIND = "never-assessed"


def evaluate(facts: TriggerInput) -> Result:
    """The result: fired until the first assessment, decided or imported."""
    if facts.last is not None:
        return Skipped(KIND, f"assessed on {facts.last.on}", is_certain=facts.last.provenance == "decided")
    history, subject = facts.register_index.history, facts.subject
    if end := history.end_of(subject.id, subject.formerly):
        day = local_date(end[1].at, facts.configuration.timezone)
        return Fired(
            KIND,
            f"the id {end[0]} was used before: it was removed on {day} (entry {end[1].seq}), so nothing is inherited",
        )
    if isinstance(facts.subject, Commitment):
        result = _commitment(facts.subject, facts)
        if isinstance(result, Fired) and _wants_full(facts.subject.triggers):
            return replace(result, depth=Depth.FULL)
        return result
    return Fired(KIND, "it was never assessed")


def _wants_full(triggers: Iterable[AnyTrigger], inherited: Depth | None = None) -> bool:
    """Whether an interval wants full assessments, so that the first one has to be full."""
    for spec in triggers:
        depth = spec.depth or inherited
        if isinstance(spec, AnySpec | AllSpec):
            if _wants_full(spec.of, depth):
                return True
        elif spec.kind in CLOCKS and depth is Depth.FULL:
            return True
    return False


def _commitment(commitment: Commitment, facts: TriggerInput) -> Result:
    start, every = commitment.in_force_from, shortest(commitment.triggers)
    first = first_date(commitment.triggers, facts.configuration.working_days)
    if first is not None:
        reason, opens = (
            f"the first date of its sequence is {first}",
            facts.configuration.defaults.open_before.before(first),
        )
        return Fired(KIND, reason, first) if facts.today >= opens else Pending(KIND, reason, first, opens)
    if every is not None and start is not None:
        due = every.after(start)
        opens, reason = opening(start, due, facts), f"{every.words()} since it came into force on {start}"
        return Fired(KIND, reason, due) if facts.today >= opens else Pending(KIND, reason, due, opens)
    if every is not None:
        return Fired(KIND, "no assessment is recorded, and nothing says since when it is in force")
    if compares(commitment.triggers):
        return Fired(KIND, "no assessment is recorded that a change could be measured against")
    return Skipped(KIND, "no clock runs: it waits for something to happen")


TRIGGER = BuiltInTrigger(KIND, evaluate, frozenset({"past-assessment"}))
