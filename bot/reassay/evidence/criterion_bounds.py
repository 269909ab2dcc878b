"""What a criterion asks for, in words: its bound, and the least number of samples that can show it.

The least n is that of a run which is planned and read once, at a 5% chance of meeting a bound that does not hold: the smallest n
for which no undesired outcome in n is that unlikely (Clopper-Pearson for a rate, hypergeometric for a finite population).
"""

import math
from typing import Final

from reassay.register.assessable import Assessable
from reassay.register.criteria import (
    CensusCriterion,
    Criterion,
    DurationCriterion,
    ExerciseCriterion,
    RateCriterion,
    SampleCriterion,
)
from reassay.register.mitigation import Mitigation

ERROR: Final = 0.05
"""The chance of calling a bound met that is just exceeded."""
_TOLERANCE: Final = 1e-12


def criteria_of(subject: Assessable | None) -> tuple[Criterion, ...]:
    """The criteria of a mitigation's target; none for a commitment."""
    return subject.target.criteria if isinstance(subject, Mitigation) and subject.target else ()


def least_samples(bound: float) -> int | None:
    """The least number of samples without an undesired one that shows a rate of at most `bound`; None if no number does."""
    if bound <= 0:
        return None
    return math.ceil(math.log(ERROR) / math.log1p(-bound)) if bound < 1 else 0


def least_of_population(population: int, bound: float) -> int | None:
    """As `least_samples`, for items drawn from a finite population; at most all of them. None for a bound below zero."""
    if bound < 0:
        return None
    # The smallest number of undesired items that is too many.
    too_many = int(bound * population + _TOLERANCE * population) + 1
    if too_many > population:
        return 0
    low, high = 0, population
    while low < high:
        middle = (low + high) // 2
        if _unlikely(population, too_many, middle):
            high = middle
        else:
            low = middle + 1
    return low


def _unlikely(population: int, undesired: int, drawn: int) -> bool:
    """Whether drawing none of the undesired items is at most as likely as ERROR."""
    if drawn > population - undesired:
        return True
    chance = 1.0
    fewer, more = sorted((undesired, drawn))
    for taken in range(fewer):
        chance *= (population - more - taken) / (population - taken)
        if chance <= ERROR:
            return True
    return chance <= ERROR


def bound_words(criterion: Criterion) -> str:
    """What a criterion asks for, as part of a sentence."""
    match criterion:
        case RateCriterion():
            what = criterion.undesired or "undesired"
            needs = least_samples(criterion.at_most - criterion.margin)
            return f"at most {_share(criterion.at_most)} {what}{_margin(criterion.margin)}: {_least(needs, 'samples', what)}"
        case SampleCriterion():
            needs = least_of_population(criterion.population, criterion.at_most - criterion.margin)
            return (
                f"at most {_share(criterion.at_most)} undesired of {criterion.population:,}{_margin(criterion.margin)}:"
                f" {_least(needs, f'of the {criterion.population:,}', 'undesired')}"
            )
        case CensusCriterion():
            return f"at least {_share(criterion.at_least)}, everyone counted"
        case ExerciseCriterion():
            return f"a drill in which: {criterion.success}"
        case DurationCriterion():
            return f"at most {criterion.at_most.words()}"
        case _:
            return criterion.question


def _least(needs: int | None, what: str, undesired: str) -> str:
    if needs is None:
        return "no number of samples can show it, so the bound or the margin has to change"
    return f"needs at least {needs:,} {what} without {'an undesired one' if undesired == 'undesired' else f'one {undesired}'}"


def _margin(margin: float) -> str:
    return f" with a margin of {_share(margin)}" if margin else ""


def _share(value: float) -> str:
    """A share in percent, with as many digits as it was given with."""
    return f"{value * 100:.10g}%"
