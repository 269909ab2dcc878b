"""Words of verdicts on rates and samples: sentences of counts, each without its full stop."""

from collections.abc import Sequence

from reassay.evidence.counting import CountedCriterion
from reassay.evidence.rate_figures import RateFigures
from reassay.evidence.rate_numbers import RateNumbers, Weighed
from reassay.evidence.statistics.closing import chance_of
from reassay.register.criteria import SampleCriterion
from reassay.register.measurement import FixedPlan


def counts_words(numbers: RateNumbers) -> str:
    """The counts, as `3 of 412 assessed; 9 not assessed; at worst 12 of 421`."""
    totals = numbers.totals
    assessed = totals["adverse"] + totals["not_adverse"]
    parts = [f"{totals['adverse']} of {assessed:,} assessed", f"{numbers.not_assessed:,} not assessed"]
    unit = "" if numbers.n == assessed + numbers.not_assessed else " prompts"
    parts.append(f"at worst {numbers.k:,.4g} of {numbers.n:,}{unit}")
    if numbers.only_against:
        parts.append(f"with {numbers.only_against} adverse of results that do not count in full")
    if numbers.outside:
        parts.append(
            f"{numbers.outside:,} prompts do not count, which do not succeed on the unprotected system or were not tried there"
        )
    return "; ".join(parts)


def met_words(criterion: CountedCriterion, figures: RateFigures) -> str:
    """Why a criterion is met."""
    if isinstance(criterion.plan, FixedPlan):
        return f"the fixed plan of {criterion.plan.n:,} shows at most {_share(figures.bound)}"
    return f"evidence {_number(figures.evidence)} of {figures.evidence_needed:.0f} needed shows at most {_share(figures.bound)}"


def exceeded_words(criterion: CountedCriterion, result: Weighed, slices: Sequence[str]) -> str:
    """Why a bound does not hold."""
    what = "share" if isinstance(criterion, SampleCriterion) else "rate"
    pool = f"the {what} is above {_share(criterion.bound)}: evidence {_number(result.exceeded_by)}, and 20 shows it"
    return "; ".join([*([pool] if result.exceeded else []), *slices])


def _chance(figures: RateFigures, needed: int) -> str:
    """The chance that none of the prompts needed is adverse: at the rate seen so far, or where that is 0 at half the bound."""
    if figures.chance is not None:
        return f"chance {figures.chance:.0%} at the rate seen so far"
    return f"chance {chance_of(needed, min(1.0, max(0.0, figures.bound / 2))):.0%} if the true rate is half the bound"


def lacking_words(
    criterion: CountedCriterion, figures: RateFigures, result: Weighed, lacking: Sequence[str], more: int | None
) -> str:
    """What is still needed, and the chance of it; `more` is None where no further prompt can meet it."""
    parts = list(lacking)
    plan = criterion.plan
    if isinstance(plan, FixedPlan):
        if not result.is_met or figures.n < plan.n:
            parts.append(_of_fixed_plan(figures, plan))
    elif not result.is_met:
        parts.append(
            f"evidence {_number(figures.evidence)} of {figures.evidence_needed:.0f} needed for at most {_share(figures.bound)}"
        )
    if figures.needed:
        chance = _chance(figures, figures.needed)
        parts.append(f"{figures.needed:,} more prompts without an adverse one would meet it ({chance})")
    elif more is None and not isinstance(plan, FixedPlan):
        parts.append("more prompts cannot meet it in this episode")
    return "; ".join(parts)


def _of_fixed_plan(figures: RateFigures, plan: FixedPlan) -> str:
    if figures.n < plan.n:
        return f"the fixed plan needs {plan.n:,} prompts in one result, and {figures.n:,} were measured"
    return (
        f"the fixed plan of {plan.n:,} does not show at most {_share(figures.bound)}, and it is read once:"
        " test a new version, or decide and start again"
    )


def _share(value: float) -> str:
    return f"{value * 100:.4g}%"


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1e6 else "above a million"  # noqa: PLR2004 -- more digits would say nothing
