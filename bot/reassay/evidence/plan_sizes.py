"""Sizes of plans, by the rate that people believe in: exact, for an open and for a fixed plan."""

import math
from dataclasses import dataclass
from typing import Final

from reassay.evidence.statistics import closing, fixed_plan, power, sampling
from reassay.evidence.statistics.judge_validation import EVIDENCE_FACTOR, least_sensitivity

CHANCES: Final = (0.8, 0.9)
"""Chances of being met, if the rate is what people believe."""


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What has to be shown, and what people believe."""

    at_most: float
    margin: float
    believed: float
    """The true rate of adverse prompts that people believe in, 0 to 1."""
    judge_items: int | None = None
    """Known-adverse items of the judge's control, all of which it finds; None without a judge."""
    population: int | None = None
    """Size of the finite population; None for a rate."""
    undesired: str = "adverse"

    @property
    def bound(self) -> float:
        """The rate that has to be shown."""
        return self.at_most - self.margin

    @property
    def judged_bound(self) -> float:
        """The bound less what the judge may miss."""
        return self.bound * least_sensitivity(self.judge_items, self.judge_items) if self.judge_items else self.bound

    @property
    def believed_items(self) -> int:
        """Adverse items of the population, as people believe; rounded up."""
        return math.ceil((self.population or 0) * self.believed * (1 - 1e-12))


@dataclass(frozen=True, slots=True)
class PlanSize:
    """The sizes of an open and of a fixed plan for one chance of being met; None where no number up to a million is enough."""

    chance: float
    open_n: int | None
    """By then an open plan, looked at after every prompt, has been met with this chance."""
    fixed_n: int | None
    """The least size of a fixed plan that is met with this chance."""
    fixed_allowed: int | None
    """Adverse prompts with which that fixed plan is met."""


def plan_sizes(question: PlanQuestion) -> tuple[PlanSize, ...]:
    """The sizes for each of CHANCES. Raises ValueError for a bound that nothing can show, or a rate outside of 0 to 1."""
    if question.population is not None:
        return tuple(_of_population(question, question.population, chance) for chance in CHANCES)
    return tuple(_of_rate(question, chance) for chance in CHANCES)


def _of_rate(question: PlanQuestion, chance: float) -> PlanSize:
    bound, believed = question.judged_bound, question.believed
    needed = closing.NEEDED * (EVIDENCE_FACTOR if question.judge_items else 1)
    error = fixed_plan.ERROR / (EVIDENCE_FACTOR if question.judge_items else 1)
    fixed_n = power.fixed_plan_size(bound, believed, chance, error)
    allowed = None if fixed_n is None else fixed_plan.most_adverse(bound, fixed_n, error)
    return PlanSize(chance, power.open_plan_size(bound, believed, chance, needed), fixed_n, allowed)


def _of_population(question: PlanQuestion, population: int, chance: float) -> PlanSize:
    bound, items = question.bound, question.believed_items
    fixed_n = power.fixed_sample_size(population, bound, items, chance)
    allowed = None
    if fixed_n is not None:
        least = sampling.least_n_of_fixed_plan
        allowed = max(
            k for k in range(power.MOST_ADVERSE) if (least(population, bound, k) or population + 1) <= fixed_n
        )
    return PlanSize(chance, power.open_sample_size(population, bound, items, chance), fixed_n, allowed)
