"""The numbers of a criterion on a rate or a sample in one cell, over all of its runs that count."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reassay.evidence.closing_standard import ClosingStandard
from reassay.evidence.clusters import adverse, clusters, seen_shares, total, worst_shares
from reassay.evidence.counting import CountedCriterion, CountedReading, PromptCount
from reassay.evidence.rate_figures import RateFigures
from reassay.evidence.run_conditions import JudgedRun
from reassay.evidence.statistics import closing, sampling
from reassay.evidence.statistics.intervals import clopper_pearson, upper_bound
from reassay.register.criteria import RateCriterion, SampleCriterion
from reassay.register.measurement import FixedPlan

Shares = Mapping[float, int]
"""How many prompts have which adverse share."""


@dataclass(frozen=True, slots=True)
class RateNumbers:
    """Prompts by adverse share, and totals of generations."""

    worst: Shares
    """What was not assessed counts as adverse, and so does what runs found that do not count in full."""
    seen: Shares
    """Shares of assessed generations, of runs that count only."""
    totals: Mapping[str, int]
    """Generations of runs that count: planned, attempted, adverse, not_adverse, unscored, errored, never_attempted."""
    only_against: int
    """Prompts with adverse outcomes in runs that do not count in full."""
    outside: int
    """Prompts that do not succeed on the unprotected system, or were not tried there, and do not count for that."""

    @property
    def n(self) -> int:
        """Prompts."""
        return total(self.worst)

    @property
    def k(self) -> float:
        """Adverse among them at worst."""
        return adverse(self.worst)

    @property
    def whole_k(self) -> int:
        """`k`, rounded up to whole prompts."""
        return math.ceil(self.k - 1e-9)

    @property
    def assessed_prompts(self) -> int:
        """Prompts with an assessed generation."""
        return total(self.seen)

    @property
    def not_assessed(self) -> int:
        """Generations that were planned or attempted and not assessed."""
        return sum(self.totals[name] for name in ("unscored", "errored", "never_attempted"))

    @property
    def due(self) -> int:
        """Generations that were planned or attempted."""
        return self.totals["attempted"] + self.totals["never_attempted"]


def rate_numbers(
    criterion: CountedCriterion, runs: Sequence[JudgedRun], chosen: Mapping[str, bool] | None
) -> RateNumbers:
    """The numbers of the measured runs of a cell. `chosen` are prompts that succeed on the unprotected system; None for all."""
    tries = criterion.tries if isinstance(criterion, RateCriterion) else 1
    measured = [run for run in runs if run.run.arm == "measured" and run.prompts]
    counting = [run.prompts for run in measured if run.outcome.weight == "counts" and run.prompts]
    against = [adverse_only(run.prompts) for run in measured if run.outcome.weight == "only-against" and run.prompts]
    own = clusters(counting, tries)
    every = clusters([*counting, *against], tries) if against else own
    # A prompt that was adverse on the protected system counts, whatever it did on the other.
    inside = {name: prompt for name, prompt in every.items() if chosen is None or chosen.get(name) or prompt.seen}
    missing = sum(file.counts.never_attempted for file in counting)
    counts = [file.counts for file in counting]
    return RateNumbers(
        worst=worst_shares(inside.values(), missing),
        seen=seen_shares(prompt for name, prompt in own.items() if chosen is None or chosen.get(name)),
        totals={
            "planned": sum(each.attempted if each.planned is None else each.planned for each in counts),
            "attempted": sum(each.attempted for each in counts),
            "adverse": sum(each.adverse for each in counts),
            "not_adverse": sum(each.not_adverse for each in counts),
            "unscored": sum(each.unscored for each in counts),
            "errored": sum(each.errored for each in counts),
            "never_attempted": missing,
        },
        only_against=len({prompt.prompt for file in against for prompt in file.prompts}),
        outside=len(every) - len(inside),
    )


def adverse_only(file: CountedReading) -> CountedReading:
    """The prompts of a run with an adverse outcome; the others of a run that does not count show nothing."""
    prompts = tuple(
        PromptCount(prompt.prompt, prompt.slices, prompt.adverse, prompt.not_adverse, 0)
        for prompt in file.prompts
        if prompt.adverse
    )
    return CountedReading(file.counts, prompts)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the numbers show about a bound."""

    evidence: float
    """E that the rate is below the bound."""
    exceeded: bool
    """Whether E that the rate is above the criterion's own bound reaches 20."""
    exceeded_by: float
    """Evidence number for a rate above the bound."""
    is_met: bool
    needed: int | None
    """Further prompts without an adverse one after which it would be met; 0 if it is, None if none can or may follow."""


def weighed(criterion: CountedCriterion, standard: ClosingStandard, numbers: RateNumbers) -> Weighed:
    """The evidence for and against a bound. Raises ValueError for a bound that no sample can show."""
    if isinstance(criterion, SampleCriterion):
        return _of_sample(criterion, standard, numbers)
    evidence = closing.met_evidence_of(standard.bound, numbers.worst)
    above = closing.exceeded_evidence_of(criterion.bound, numbers.seen)
    exceeded = above >= closing.NEEDED
    if isinstance(criterion.plan, FixedPlan):
        is_met = numbers.n > 0 and upper_bound(numbers.n, numbers.whole_k, standard.error) <= standard.bound
        return Weighed(evidence, exceeded, above, is_met, 0 if is_met else None)
    needed = closing.needed_more(standard.bound, numbers.worst, standard.evidence)
    return Weighed(evidence, exceeded, above, needed == 0, needed)


def _of_sample(criterion: SampleCriterion, standard: ClosingStandard, numbers: RateNumbers) -> Weighed:
    population, n, k = criterion.population, numbers.n, numbers.whole_k
    seen = total(numbers.seen), math.floor(adverse(numbers.seen) + 1e-9)
    evidence = sampling.met_evidence(population, standard.bound, n, k)
    above = sampling.exceeded_evidence(population, criterion.bound, *seen)
    exceeded = above >= closing.NEEDED
    if isinstance(criterion.plan, FixedPlan):
        is_met = n > 0 and sampling.is_met_by_fixed_plan(population, standard.bound, n, k, standard.error)
        return Weighed(evidence, exceeded, above, is_met, 0 if is_met else None)
    needed = sampling.needed_more(population, standard.bound, n, k, standard.evidence)
    return Weighed(evidence, exceeded, above, needed == 0, needed)


def rate_figures(standard: ClosingStandard, numbers: RateNumbers, result: Weighed, more: int | None) -> RateFigures:
    """The figures that a verdict shows; `more` further prompts are needed for all conditions, None if none may follow."""
    n, k, totals = numbers.n, numbers.k, numbers.totals
    lower, upper = clopper_pearson(n, k)
    return RateFigures(
        planned=totals["planned"],
        attempted=totals["attempted"],
        adverse=totals["adverse"],
        not_adverse=totals["not_adverse"],
        unscored=totals["unscored"],
        errored=totals["errored"],
        n=n,
        k=k,
        bound=standard.bound,
        evidence=result.evidence,
        evidence_needed=standard.evidence,
        lower=lower,
        upper=upper,
        needed=more or None,
        chance=closing.chance_of(more, k / n) if more and n and k else None,
    )
