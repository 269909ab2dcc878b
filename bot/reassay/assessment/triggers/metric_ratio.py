"""metric-ratio: fires when a metric reaches a multiple of its value at the last assessment, or of another metric."""

from decimal import Decimal
from fractions import Fraction

from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.model_figures import missing, number, values_now, values_then
from reassay.register.trigger_specs import LAST_ASSESSMENT, MetricRatioSpec

KIND = "metric-ratio"


def evaluate(spec: MetricRatioSpec, facts: TriggerInput) -> Result:
    """The result for the model with the largest value."""
    now = values_now(facts, spec.metric)
    if not now:
        return Blind(KIND, missing(facts, spec.metric))
    last = facts.baseline(spec.depth)
    if spec.relative_to != LAST_ASSESSMENT:
        return _to_another(spec, facts, last)
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
    then = values_then(last, facts.cell, spec.metric)
    if not then:
        return Blind(KIND, f"{last.words()} does not say what '{spec.metric}' was")
    largest = max(now, key=lambda name: (now[name], name))
    before = max(then.values())
    words = f"'{spec.metric}' of {largest} is {number(now[largest])}, and was {number(before)} in {last.words()}"
    limit = f"the limit is {spec.ratio} times"
    if _reaches(spec, now[largest], before):
        return Fired(KIND, f"{words}: {limit}", about=spec.metric)
    return Skipped(KIND, f"{words}: {limit}")


def _to_another(spec: MetricRatioSpec, facts: TriggerInput, last: LastAssessment | None) -> Result:
    now, other = values_now(facts, spec.metric), values_now(facts, spec.relative_to)
    comparable = sorted(now.keys() & other.keys())
    if not comparable:
        return Blind(KIND, missing(facts, spec.relative_to))
    over = [name for name in comparable if _reaches(spec, now[name], other[name])]
    limit = f"{spec.ratio} of '{spec.relative_to}'"
    if not over:
        return Skipped(KIND, f"'{spec.metric}' does not reach {limit}")
    then = values_then(last, facts.cell, spec.metric) if last else {}
    news = [name for name in over if name not in then or now[name] > then[name]]
    if last is not None and not news:
        return Skipped(KIND, f"'{spec.metric}' had reached {limit} already in {last.words()}")
    name = news[0]
    words = f"'{spec.metric}' of {name} is {number(now[name])}: it has reached {limit} ({number(other[name])})"
    return Fired(KIND, words, about=f"{spec.metric}/{spec.relative_to}")


def _reaches(spec: MetricRatioSpec, value: float, other: float) -> bool:
    """Whether a value reaches the ratio, in exact arithmetic on the decimals as written."""
    now, limit = Fraction(Decimal(repr(value))), spec.ratio * Fraction(Decimal(repr(other)))
    return now > limit if spec.strictly else now >= limit


TRIGGER = StatedTrigger(KIND, MetricRatioSpec, evaluate, frozenset({"deployment", "model"}))
