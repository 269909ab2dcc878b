"""Targets of mitigations and the criteria that show whether they are met."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Interval, Line, Positive, Share, Strict, Text
from reassay.register.capability_criterion import CapabilityCriterion
from reassay.register.criterion_base import NamedCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.effort_criterion import EffortCriterion
from reassay.register.measurement import FixedPlan, JudgeValidation, Measurement, SlicePolicy
from reassay.register.measurement import Provenance as Provenance  # noqa: PLC0414 -- it belongs to what is counted
from reassay.register.resources import StatedResources


class _Counted(NamedCriterion):
    at_most: Share
    """The largest acceptable true rate, or share of the population, 0 to 1."""
    margin: Share = 0.0
    """Margin between `at_most` and the bound that has to be shown."""
    at_least: Positive | None = None
    """Prompts that must be assessed, if more than the bound needs."""
    unassessed_at_most: Share = 0.0
    """Largest acceptable share of attempts that were not assessed. They count as adverse in any case."""
    plan: Literal["open"] | FixedPlan = "open"
    """`open` allows any number of looks and top-ups (evidence number E); a fixed plan is read once (Clopper-Pearson)."""
    measured: Measurement = Measurement.model_construct()
    """What of a result file is counted."""
    provenance: Provenance = "uploaded"
    """The weakest provenance that can meet it."""

    @property
    def bound(self) -> float:
        """The rate that has to be shown: `at_most` less the margin."""
        return self.at_most - self.margin


class RateCriterion(_Counted):
    """Undesired events of n trials, judged with exact bounds."""

    kind: Literal["rate"]
    """Events of n trials."""
    undesired: Line | None = None
    """Which outcome counts as undesired, for example `attack_success` or `refusal`. `check` requires it; it is never guessed."""
    tries: Positive = 1
    """Attempts at one prompt of which any may succeed: with 1 the mean over generations, with g whether any of g is adverse."""
    judge: JudgeValidation | None = None
    """The positive control that the judge needs; None where outcomes are facts that nobody judges."""
    comparator: Literal["unprotected"] | None = None
    """With `unprotected`, only prompts that succeed on the unprotected system count."""
    slices: SlicePolicy | None = None
    """What each slice must show."""
    population: Literal["attacks", "positives", "traffic"] | None = None
    """What the prompts are drawn from; stated for detectors."""


class SampleCriterion(_Counted):
    """Undesired items in a sample of a finite population."""

    kind: Literal["sample"]
    """A sample of a finite population."""
    population: Positive
    """Size of the population."""
    undesired: Line = "undesired"
    """Which outcome counts as undesired."""


class CensusCriterion(NamedCriterion):
    """A full count, which has no confidence interval: 117 of 120 is 2.5% missing."""

    kind: Literal["census"]
    """A full count."""
    at_least: Share
    """The smallest acceptable share, 0 to 1."""


class ExerciseCriterion(NamedCriterion):
    """A drill with its condition of success."""

    kind: Literal["exercise"]
    """A drill."""
    success: Text
    """What must happen for the drill to have succeeded."""


class DurationCriterion(NamedCriterion):
    """The time until something is done."""

    kind: Literal["duration"]
    """Time until something is done."""
    at_most: Interval


class JudgementCriterion(NamedCriterion):
    """A named assessor's judgement, with what would change it."""

    kind: Literal["judgement"]
    """A named assessor's judgement."""
    question: Text
    """What the assessor has to judge."""
    would_change: Text | None = None
    """What would change the assessor's mind."""


Criterion = Annotated[
    RateCriterion
    | SampleCriterion
    | CensusCriterion
    | ExerciseCriterion
    | DurationCriterion
    | JudgementCriterion
    | EffortCriterion
    | DetectorCriterion
    | CapabilityCriterion,
    Field(discriminator="kind"),
]


def evidence_names(criterion: Criterion) -> tuple[str, ...]:
    """The names by which evidence speaks of a criterion: its own, and those of a detector's two rates."""
    parts = criterion.part_names if isinstance(criterion, DetectorCriterion) else ()
    return (criterion.name, *parts)


class Target(Strict):
    """A measurable target: who, with what, for how long, must not be able to do what."""

    statement: Text
    """Who, with what, for how long, must not be able to do what."""
    actor: Line | None = None
    """Who the target is about."""
    resources: StatedResources | None = None
    """What that actor has: hours, people, budget, access, expertise. Free text cannot be compared with what testers had."""
    criteria: tuple[Criterion, ...] = ()
    """What would show that the target is met; each has a `kind`."""

    @model_validator(mode="after")
    def _named_once(self) -> "Target":
        times = Counter(name for criterion in self.criteria for name in evidence_names(criterion))
        if double := next((name for name, count in times.items() if count > 1), None):
            raise ValueError(f"two criteria are named {double!r}; give each its own name")
        return self
