"""metric-increase: fires when a metric has grown by an amount since the last assessment, such as six months' worth of work."""

from decimal import Decimal
from fractions import Fraction

from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.model_figures import missing, number, values_now, values_then
from reassay.register.trigger_specs import MetricIncreaseSpec

KIND = "metric-increase"


def evaluate(spec: MetricIncreaseSpec, facts: TriggerInput) -> Result:
    """The result for the model with the largest value, measured from the largest one at the last assessment."""
    now = values_now(facts, spec.metric)
    if not now:
        return Blind(KIND, missing(facts, spec.metric))
    last = facts.baseline(spec.depth)
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
    then = values_then(last, facts.cell, spec.metric)
    if not then:
        return Blind(KIND, f"{last.words()} does not say what '{spec.metric}' was")
    largest = max(now, key=lambda name: (now[name], name))
    before = max(then.values())
    limit = f"the limit is {number(spec.by)} more{f' {spec.unit}' if spec.unit else ''}"
    words = (
        f"'{spec.metric}' of {largest} is {number(now[largest])}, and was {number(before)} in {last.words()}: {limit}"
    )
    grown = _exact(now[largest]) - _exact(before) >= _exact(spec.by)
    return Fired(KIND, words, about=spec.metric) if grown else Skipped(KIND, words)


def _exact(value: float) -> Fraction:
    """A figure as the decimal that was written."""
    return Fraction(Decimal(repr(value)))


TRIGGER = StatedTrigger(KIND, MetricIncreaseSpec, evaluate, frozenset({"deployment", "model"}))
