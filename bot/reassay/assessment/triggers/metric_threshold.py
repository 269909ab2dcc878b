"""metric-threshold: fires when a metric leaves its accepted range."""

from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.model_figures import missing, number, values_now, values_then
from reassay.register.trigger_specs import MetricThresholdSpec

UNSPECIFIED = "unspecified"
KIND = "metric-threshold"


def evaluate(spec: MetricThresholdSpec, facts: TriggerInput) -> Result:
    """The result for all models; a value that the last assessment already had that far outside is settled."""
    if UNSPECIFIED in {spec.at_least, spec.at_most}:
        return Blind(KIND, f"no figure is stated for the range of '{spec.metric}'")
    now = values_now(facts, spec.metric)
    if not now:
        return Blind(KIND, missing(facts, spec.metric))
    last = facts.baseline(spec.depth)
    then = values_then(last, facts.cell, spec.metric) if last else {}
    out = {name: distance for name, value in now.items() if (distance := _outside(spec, value)) > 0}
    if not out:
        return Skipped(KIND, f"'{spec.metric}' is within {_range(spec)}")
    news = {name: far for name, far in out.items() if name not in then or far > _outside(spec, then[name])}
    if last is not None and not news:
        return Skipped(KIND, f"'{spec.metric}' is outside {_range(spec)}, no further than in {last.words()}")
    name = max(news, key=lambda model: (news[model], model))
    return Fired(KIND, f"'{spec.metric}' of {name} is {number(now[name])}, outside {_range(spec)}", about=spec.metric)


def _outside(spec: MetricThresholdSpec, value: float) -> float:
    below = spec.at_least - value if isinstance(spec.at_least, float) else 0.0
    above = value - spec.at_most if isinstance(spec.at_most, float) else 0.0
    return max(below, above, 0.0)


def _range(spec: MetricThresholdSpec) -> str:
    parts = [f"at least {number(spec.at_least)}"] if isinstance(spec.at_least, float) else []
    parts += [f"at most {number(spec.at_most)}"] if isinstance(spec.at_most, float) else []
    return f"its range ({', '.join(parts)})"


TRIGGER = StatedTrigger(KIND, MetricThresholdSpec, evaluate, frozenset({"deployment", "model"}))
