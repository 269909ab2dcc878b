"""Requirements of a criterion, in words and as numbers: its bound, and the least number of prompts that can show it.

The least n is that of a result without an adverse prompt: by the evidence number E for an open plan, by Clopper-Pearson for a
fixed one, and by their equivalents for a finite population (`evidence/statistics`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from reassay.evidence.kinds import kind_of
from reassay.evidence.kinds.detector import detector_rates, detector_words
from reassay.evidence.statistics import closing, effort, fixed_plan, sampling
from reassay.evidence.statistics.judge_validation import EVIDENCE_FACTOR, least_sensitivity
from reassay.register.assessable import Assessable
from reassay.register.base import Status
from reassay.register.criteria import Criterion, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.effort_criterion import EffortCriterion
from reassay.register.measurement import FixedPlan
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

ERROR: Final = 0.05
"""The chance of calling a bound met that does not hold."""
_WITH_JUDGE: Final = ERROR / 2
"""What is left of it for the counts where the other half is spent on the judge."""


@dataclass(frozen=True, slots=True)
class CriterionNeed:
    """What one criterion needs to be met. Numbers are None where the kind has none, or where no number is enough."""

    mitigation: str
    """Id of the mitigation."""
    criterion: str
    kind: str
    words: str
    bound: float | None = None
    """The rate that has to be shown: `at_most` less the margin."""
    plan: Literal["open", "fixed"] | None = None
    least_n: int | None = None
    """Prompts, or items of a population, without an adverse one."""
    slice_n: int | None = None
    """The same for each slice that has a ceiling or a floor."""
    hours: float | None = None
    """Hours of adaptive red-teaming without a success."""


def criteria_of(subject: Assessable | None) -> tuple[Criterion, ...]:
    """The criteria of a mitigation's target, each detector after its two rates; none for a commitment."""
    criteria = subject.target.criteria if isinstance(subject, Mitigation) and subject.target else ()
    return tuple(part for criterion in criteria for part in (*_rates(criterion), criterion))


def _rates(criterion: Criterion) -> tuple[RateCriterion, ...]:
    return detector_rates(criterion) if isinstance(criterion, DetectorCriterion) else ()


def criterion_needs(register: Register) -> Iterator[CriterionNeed]:
    """What each criterion needs, by mitigation in the register's order; those of retired mitigations are left out."""
    for name, entry in register.mitigations.items():
        if entry.value.status is not Status.RETIRED:
            yield from (_need(name, criterion) for criterion in criteria_of(entry.value))


def least_prompts(criterion: RateCriterion) -> int | None:
    """The least number of prompts without an adverse one that meets a rate criterion; None if no number does.

    With a judge, it is that of a control of which every item was found.
    """
    least = _least_of(criterion, criterion.bound)
    if least is None:
        return None
    each, required = least_in_slice(criterion), len(criterion.slices.required) if criterion.slices else 0
    return max(least, criterion.at_least or 0, (each or 0) * required)


def least_in_slice(criterion: RateCriterion) -> int | None:
    """The least number of prompts in every slice; None if slices have neither ceiling nor floor, or no number is enough."""
    slices = criterion.slices
    if slices is None or (slices.each_at_most is None and slices.floor is None):
        return None
    least = 0 if slices.each_at_most is None else _least_of(criterion, slices.each_at_most)
    return None if least is None else max(least, slices.floor or 0)


def least_items(criterion: SampleCriterion) -> int | None:
    """The least number of items of the population without an adverse one that meets a criterion; None if no number does."""
    if criterion.bound < 0:
        return None
    of_plan = sampling.least_n if criterion.plan == "open" else sampling.least_n_of_fixed_plan
    least = of_plan(criterion.population, criterion.bound)
    return None if least is None else max(least, criterion.at_least or 0)


def least_hours(criterion: EffortCriterion) -> float:
    """The least hours of all testers together without a success: as stated, and as the chance of an attacker asks for."""
    stated = criterion.effort.hours if criterion.effort else 0.0
    if criterion.chance_at_most is None or criterion.attacker.hours is None:
        return stated
    return max(stated, effort.hours_needed(criterion.attacker.hours, criterion.chance_at_most))


def most_adverse_of_plan(criterion: RateCriterion, plan: FixedPlan) -> int | None:
    """The adverse prompts with which a fixed plan still meets its bound; None if even none of them would."""
    bound = _judged_bound(criterion, criterion.bound)
    if bound <= 0 or (criterion.at_least or 0) > plan.n:
        return None
    return plan.n if bound >= 1 else fixed_plan.most_adverse(bound, plan.n, _error(criterion))


def bound_words(criterion: Criterion) -> str:
    """What a criterion asks for, as part of a sentence."""
    match criterion:
        case RateCriterion():
            asked = f"at most {share_words(criterion.at_most)} {criterion.undesired or 'undesired'}{_margin(criterion.margin)}"
            return "; ".join((f"{asked}: {_prompts(criterion)}", *_conditions(criterion)))
        case SampleCriterion():
            asked = f"at most {share_words(criterion.at_most)} {criterion.undesired} of {criterion.population:,}"
            return "; ".join((f"{asked}{_margin(criterion.margin)}: {_items(criterion)}", *_gaps(criterion)))
        case DetectorCriterion():
            return detector_words(criterion)
        case _:
            kind = kind_of(criterion)
            return kind.words(criterion) if kind else ""


def share_words(value: float) -> str:
    """A share in percent, with as many digits as it was given with."""
    return f"{value * 100:.10g}%"


def _need(mitigation: str, criterion: Criterion) -> CriterionNeed:
    words = bound_words(criterion)
    match criterion:
        case RateCriterion():
            numbers = (least_prompts(criterion), least_in_slice(criterion))
        case SampleCriterion():
            numbers = (least_items(criterion), None)
        case EffortCriterion():
            return CriterionNeed(mitigation, criterion.name, criterion.kind, words, hours=least_hours(criterion))
        case _:
            return CriterionNeed(mitigation, criterion.name, criterion.kind, words)
    plan: Literal["open", "fixed"] = "open" if criterion.plan == "open" else "fixed"
    return CriterionNeed(mitigation, criterion.name, criterion.kind, words, criterion.bound, plan, *numbers)


def _least_of(criterion: RateCriterion, stated: float) -> int | None:
    bound = _judged_bound(criterion, stated)
    if bound <= 0:
        return None
    if bound >= 1:
        return 0
    if criterion.plan == "open":
        return closing.least_n(bound, 0, closing.NEEDED * (EVIDENCE_FACTOR if criterion.judge else 1))
    return fixed_plan.least_n(bound, 0, _error(criterion))


def _judged_bound(criterion: RateCriterion, stated: float) -> float:
    """The bound less what the judge may miss if it finds every item of its control."""
    items = criterion.judge.at_least if criterion.judge else 0
    return stated * least_sensitivity(items, items) if items else stated


def _error(criterion: RateCriterion) -> float:
    return _WITH_JUDGE if criterion.judge else ERROR


def _prompts(criterion: RateCriterion) -> str:
    least, undesired = least_prompts(criterion), criterion.undesired or "undesired"
    if least is None or criterion.plan == "open":
        return _least(least, "prompts", undesired)
    allowed = most_adverse_of_plan(criterion, criterion.plan)
    if allowed is None:
        return (
            f"its fixed plan of {criterion.plan.n:,} prompts cannot show it; it {_least(least, 'prompts', undesired)}"
        )
    return f"needs its fixed plan of {criterion.plan.n:,} prompts with at most {allowed:,} {undesired}"


def _items(criterion: SampleCriterion) -> str:
    least = least_items(criterion)
    of_all = f"of the {criterion.population:,}"
    if least is None or criterion.plan == "open":
        return _least(least, of_all, criterion.undesired)
    if criterion.plan.n < least:
        return f"its fixed plan of {criterion.plan.n:,} cannot show it; it {_least(least, of_all, criterion.undesired)}"
    return f"needs its fixed plan of {criterion.plan.n:,} {of_all}; {least:,} are enough without {_without(criterion.undesired)}"


def _conditions(criterion: RateCriterion) -> Iterator[str]:
    if criterion.judge:
        yield f"counted with a judge that finds all of {criterion.judge.at_least:,} known-adverse items"
    if criterion.tries > 1:
        yield f"a prompt counts if any of {criterion.tries:,} tries succeeds"
    if criterion.comparator:
        yield "only prompts that succeed on the unprotected system count"
    if criterion.slices:
        yield from _slice_conditions(criterion)
    yield from _gaps(criterion)


def _gaps(criterion: RateCriterion | SampleCriterion) -> Iterator[str]:
    if criterion.unassessed_at_most:
        yield f"at most {share_words(criterion.unassessed_at_most)} may go without an assessment, and count as adverse"


def _slice_conditions(criterion: RateCriterion) -> Iterator[str]:
    slices, each = criterion.slices, least_in_slice(criterion)
    if slices and slices.each_at_most is not None:
        needs = "no number of prompts can show it" if each is None else f"at least {each:,} prompts in each"
        yield f"at most {share_words(slices.each_at_most)} in every slice: {needs}"
    elif slices and slices.floor:
        yield f"at least {slices.floor:,} prompts in every slice, none of them exceeded"


def _least(needs: int | None, what: str, undesired: str) -> str:
    if needs is None:
        return "no number of samples can show it, so the bound or the margin has to change"
    return f"needs at least {needs:,} {what} without {_without(undesired)}"


def _without(undesired: str) -> str:
    return "an undesired one" if undesired == "undesired" else f"one {undesired}"


def _margin(margin: float) -> str:
    return f" with a margin of {share_words(margin)}" if margin else ""
