"""regression: fires when an evaluation since the last decision is significantly worse than the one decided on."""

from collections.abc import Sequence

from reassay.assessment.triggers.base import NOTHING, Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.evidence.compared_records import compared_evaluations
from reassay.evidence.regression import RateComparison
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import RegressionSpec

KIND = "regression"
_MOST_NAMED = 3


def evaluate(spec: RegressionSpec, facts: TriggerInput) -> Result:
    """The result for the newest evaluation of each criterion; a decision settles it, because it rests on that evaluation."""
    if not isinstance(facts.subject, Mitigation):
        return Skipped(KIND, "only mitigations have criteria that are measured", is_certain=True)
    history = facts.register_index.measured.get(facts.subject.id)
    if history is None:
        return Skipped(KIND, "no result of an evaluation is recorded for it", is_certain=True)
    found = compared_evaluations(facts.subject, facts.cell, history, facts.results, spec.delta)
    if found.regressions:
        about = ", ".join(dict.fromkeys(f"{own.criterion} since {own.record}" for own in found.regressions))
        return Fired(KIND, _words(found.regressions), about=about)
    if found.missing:
        return Blind(KIND, f"{len(found.missing)} results have no counts in the ledger, so they cannot be compared")
    nothing = "there is no newer evaluation to compare with a decided one"
    return Skipped(KIND, _words(found.comparisons) or "; ".join(found.not_compared[:_MOST_NAMED]) or nothing)


def _words(comparisons: Sequence[RateComparison]) -> str:
    words = [own.words() for own in comparisons]
    more = [f"and {len(words) - _MOST_NAMED} more"] if len(words) > _MOST_NAMED else []
    return "; ".join([*words[:_MOST_NAMED], *more])


TRIGGER = StatedTrigger(
    KIND,
    RegressionSpec,
    evaluate,
    NOTHING,
    for_every_mitigation=RegressionSpec.model_construct(kind="regression"),
)
