"""model-change: fires when another model, or another version of it, is deployed than the one assessed."""

from reassay.assessment.subjects import models_of
from reassay.assessment.triggers.base import Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.model_figures import names_then, version_then
from reassay.register.trigger_specs import ModelChangeSpec

KIND = "model-change"


def evaluate(spec: ModelChangeSpec, facts: TriggerInput) -> Result:
    """The result of comparing models and versions with the last assessed snapshot."""
    now = models_of(facts.subject, facts.cell, facts.register)
    last = facts.baseline(spec.depth)
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
    then = names_then(last, facts.cell)
    if then is None:
        return Skipped(KIND, f"{last.words()} does not say which model it was about", is_certain=True)
    if not then and not now:
        return Skipped(KIND, "no model is named")
    added = [name for name in sorted(now) if name not in then]
    gone = [name for name in sorted(then) if name not in now]
    versions = [
        f"{name} is version {model.version}, and was {before}"
        for name, model in sorted(now.items())
        if model is not None and (before := version_then(last, name)) is not None and before != model.version
    ]
    changes = [f"{name} is deployed" for name in added] + [f"{name} no longer is" for name in gone] + versions
    if changes:
        return Fired(KIND, f"the model is another than in {last.words()}: {'; '.join(changes)}")
    return Skipped(KIND, f"the model is the one of {last.words()}")


TRIGGER = StatedTrigger(
    KIND,
    ModelChangeSpec,
    evaluate,
    frozenset({"deployment", "model"}),
    for_every_mitigation=ModelChangeSpec.model_construct(kind="model-change"),
)
