"""Regressions: an evaluation that is worse than an earlier one of the same criterion, prompt by prompt.

The same prompts are compared in pairs, by McNemar's exact test: only prompts that changed say something. Other prompts are
compared as two samples, by Fisher's exact test. Both are one-sided. Holm's correction covers all criteria that are compared with
one record. A significant difference below `delta` is not a regression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from reassay.evidence.clusters import clusters
from reassay.evidence.counting import CountedCriterion, counted, selected
from reassay.evidence.model_names import is_model
from reassay.evidence.reading import Reading
from reassay.evidence.statistics.exact_tests import fisher, mcnemar
from reassay.evidence.statistics.holm import adjusted
from reassay.evidence.statistics.intervals import newcombe
from reassay.register.criteria import RateCriterion

ERROR: Final = 0.05
"""The chance of calling a difference a regression where nothing changed, over all criteria that are compared with one record."""
_HALF: Final = 0.5
_TOLERANCE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class MeasuredPrompts:
    """What one evaluation found for one criterion."""

    metric: tuple[str, str, str]
    """Tool, task (empty if not stated) and metric."""
    task_version: str | None
    models: tuple[str, ...]
    """Models that answered, or were asked where no answer names one."""
    shares: Mapping[str, float]
    """Adverse share of the assessed generations of each prompt."""
    not_assessed: int = 0
    """Prompts without an assessed generation: they are in no comparison."""


@dataclass(frozen=True, slots=True)
class RateComparison:
    """One criterion now beside an earlier record. Rates and the difference are shares, 0 to 1."""

    criterion: str
    record: str
    """Id of the re-assessment that it is compared with."""
    role: Literal["last", "reference"]
    method: Literal["paired", "unpaired"]
    n_before: int
    n_after: int
    before: float
    after: float
    worsened: int
    """Prompts that got worse; 0 where prompts are not paired."""
    improved: int
    chance: float
    """The p-value: after Holm's correction, once all criteria are compared."""
    interval: tuple[float, float]
    """The two-sided 95% interval of the difference by Newcombe, for orientation."""
    delta: float
    """The smallest difference that is a regression."""

    @property
    def difference(self) -> float:
        """By how much the rate is higher than before."""
        return self.after - self.before

    @property
    def is_regression(self) -> bool:
        """Whether it is significantly worse, by at least `delta`."""
        return self.chance <= ERROR and self.difference >= self.delta - _TOLERANCE

    def words(self) -> str:
        """The comparison as a sentence without its full stop."""
        low, high = self.interval
        if self.method == "paired":
            how = f"the same {self.n_after:,} prompts, {self.worsened} worse and {self.improved} better"
        else:
            how = f"{self.n_after:,} prompts, other ones than the {self.n_before:,} then"
        return (
            f"'{self.criterion}': {self.after:.1%} are adverse, {self.before:.1%} were at {self.record} ({how};"
            f" p = {self.chance:.2g}; difference {_points(self.difference)} points,"
            f" 95% interval {_points(low)} to {_points(high)})"
        )


def measured_prompts(criterion: CountedCriterion, files: Sequence[Sequence[Reading]]) -> MeasuredPrompts:
    """What the files of one evaluation found for a criterion; each file is its readings. Raises UncountableError."""
    own = [selected(criterion, readings) for readings in files]
    tries = criterion.tries if isinstance(criterion, RateCriterion) else 1
    prompts = clusters([counted(criterion, reading) for reading in own], tries)
    models = {name for reading in own for name in reading.models_answered or reading.models_asked}
    first = own[-1]
    return MeasuredPrompts(
        (first.tool, first.task or "", first.metric),
        first.task_version,
        tuple(sorted(models)),
        {name: prompt.seen for name, prompt in prompts.items() if prompt.seen is not None},
        sum(prompt.seen is None for prompt in prompts.values()),
    )


def why_not_comparable(before: MeasuredPrompts, after: MeasuredPrompts) -> str:
    """Why two evaluations say nothing about a regression, as part of a sentence; empty if they do."""
    if before.metric != after.metric:
        return "it measured something else"
    if before.task_version and after.task_version and before.task_version != after.task_version:
        return f"it ran another version of the task ({before.task_version}, now {after.task_version})"
    if not before.models or not after.models:
        return "a file does not say which model answered"
    if not (_same(before.models, after.models) and _same(after.models, before.models)):
        return "another model answered, and a change of the model is no regression of the mitigation"
    return "" if before.shares and after.shares else "no prompt was assessed"


def compared(
    criterion: str,
    record: tuple[str, Literal["last", "reference"]],
    before: MeasuredPrompts,
    after: MeasuredPrompts,
    delta: float,
) -> RateComparison:
    """The comparison of one criterion, before Holm's correction.

    Prompts are paired if the evaluations share at least half of the smaller one's; then the others are left out.
    """
    shared = sorted(before.shares.keys() & after.shares.keys())
    is_paired = len(shared) >= _HALF * min(len(before.shares), len(after.shares))
    old = [before.shares[name] for name in shared] if is_paired else list(before.shares.values())
    new = [after.shares[name] for name in shared] if is_paired else list(after.shares.values())
    worsened = improved = 0
    # A prompt is adverse as a whole if at least half of its generations are.
    totals = (len(old), sum(share >= _HALF for share in old), len(new), sum(share >= _HALF for share in new))
    if is_paired:
        worsened = sum(then < now for then, now in zip(old, new, strict=True))
        improved = sum(then > now for then, now in zip(old, new, strict=True))
        chance = mcnemar(worsened, improved)
    else:
        chance = fisher(*totals)
    return RateComparison(
        criterion, *record, "paired" if is_paired else "unpaired", len(old), len(new), sum(old) / len(old),
        sum(new) / len(new), worsened, improved, chance, newcombe(*totals), delta,
    )  # fmt: skip


def corrected(comparisons: Sequence[RateComparison]) -> tuple[RateComparison, ...]:
    """The comparisons with p-values after Holm's correction, over the criteria that are compared with the same record."""
    result = list(comparisons)
    for record in dict.fromkeys(comparison.record for comparison in comparisons):
        places = [place for place, comparison in enumerate(comparisons) if comparison.record == record]
        for place, chance in zip(places, adjusted([comparisons[place].chance for place in places]), strict=True):
            result[place] = replace(comparisons[place], chance=chance)
    return tuple(result)


def _same(models: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each model is one of the others, by the same name, or one the dated snapshot of the other's name."""
    return all(is_model(name, others) or any(is_model(other, (name,)) for other in others) for name in models)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"
