"""drift: fires when a deployment is observed to be wider than the register declares, or cannot be read."""

from collections.abc import Iterator

from reassay.assessment.observed_deployments import DeploymentSides, Drift, drifts
from reassay.assessment.subjects import deployments_of
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.changes import measure_for
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.trigger_specs import DriftSpec
from reassay.signals.observing.recorded_observations import ObservedField, observed_fields

KIND = "drift"
_MOST_NAMED = 5


class ImpliedDrift(DriftSpec):
    """The trigger of a mitigation that does not state it and serves a deployment that is observed."""


def evaluate(spec: DriftSpec, facts: TriggerInput) -> Result:
    """The result for what was observed last.

    A difference fires once. A decision that was taken with it in sight does not make declared and observed equal, so it is blind
    from then on until they are, and fires again if it becomes another difference.
    """
    served = deployments_of(facts.subject, facts.cell, facts.register)
    watched = [name for name in served if facts.register.deployments[name].value.observed]
    if not watched:
        words = "no deployment that it serves says where it can be observed ('observed')"
        return Skipped(KIND, words) if isinstance(spec, ImpliedDrift) else Blind(KIND, words)
    differences = [drift for name in watched for drift in drifts_of(name, spec, facts)]
    counting = [drift for drift in differences if drift.counts]
    fresh = [drift for drift in counting if not drift.is_decided]
    if fresh:
        about = "; ".join(drift.about for drift in fresh)
        return Fired(KIND, f"observed and declared differ: {_words(fresh)}", about=about)
    unseen = list(_unseen(watched, facts))
    if not isinstance(spec, ImpliedDrift):
        unseen += [f"{name} does not say where it can be observed" for name in served if name not in watched]
    if counting:
        last = facts.baseline(spec.depth)
        decided = f"{last.words()} took this difference into account" if last else ""
        unseen.append(f"observed and declared still differ: {_words(counting)}. {decided}; declare it, or undo it")
    if unseen:
        return Blind(KIND, "; ".join(unseen))
    if differences:
        return Skipped(KIND, f"what is observed is not significantly wider than declared: {_words(differences)}")
    return Skipped(KIND, "what is observed is what the register declares")


def drifts_of(name: str, spec: DriftSpec, facts: TriggerInput) -> tuple[Drift, ...]:
    """The differences of one deployment, measured from the last assessment of the trigger's depth."""
    entry = facts.register.deployments[name]
    measure = measure_for(facts.register, name, facts.today)
    sides = DeploymentSides(name, entry.origin.path, entry.value, measure, facts.baseline(spec.depth))
    return tuple(drifts(fields_of(name, facts), sides))


def fields_of(name: str, facts: TriggerInput) -> tuple[ObservedField, ...]:
    """The declared fields of one deployment as the ledger has observed them."""
    declared = facts.register.deployments[name].value
    return observed_fields(declared, facts.register_index.observations.get(name, ()))


def _unseen(watched: list[str], facts: TriggerInput) -> Iterator[str]:
    for name in watched:
        fields = fields_of(name, facts)
        never = [field.name for field in fields if field.is_never_observed]
        if never:
            yield f"{', '.join(never)} of {name} was not observed yet"
        for why in dict.fromkeys(field.unread for field in fields if field.is_out_of_reach):
            yield f"{name} cannot be observed: {why}"


def _words(differences: list[Drift]) -> str:
    words = [drift.words() for drift in differences[:_MOST_NAMED]]
    more = [f"and {len(differences) - _MOST_NAMED} more"] if len(differences) > _MOST_NAMED else []
    return "; ".join([*words, *more])


def _serves_observed(mitigation: Mitigation, register: Register) -> bool:
    """Whether a mitigation serves a deployment that says where it can be observed."""
    return any(
        entry.value.observed
        for name, entry in register.deployments.items()
        if not mitigation.deployments or name in mitigation.deployments
    )


TRIGGER = StatedTrigger(
    KIND,
    DriftSpec,
    evaluate,
    frozenset({"deployment"}),
    for_every_mitigation=ImpliedDrift.model_construct(kind="drift"),
    applies_to=_serves_observed,
)
