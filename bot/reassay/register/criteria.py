"""Targets of mitigations and the criteria that show whether they are met."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Interval, Line, Positive, Share, Strict, Text
from reassay.register.measurement import FixedPlan, JudgeValidation, Measurement, SlicePolicy

Provenance = Literal["attested", "uploaded", "workflow-run"]
"""How a result came here, weakest first: a person's word, a file that a person committed or uploaded, or a run of a workflow that
was registered before its first result."""


class _Criterion(Strict):
    name: Line
    """Name of what is measured, for example `attack success rate` or `staff trained`."""


class _Counted(_Criterion):
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
    """Which outcome counts as undesired, for example `attack_success` or `refusal`. Result files need it; it is never guessed."""
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


class CensusCriterion(_Criterion):
    """A full count, which has no confidence interval: 117 of 120 is 2.5% missing."""

    kind: Literal["census"]
    """A full count."""
    at_least: Share
    """The smallest acceptable share, 0 to 1."""


class ExerciseCriterion(_Criterion):
    """A drill with its condition of success."""

    kind: Literal["exercise"]
    """A drill."""
    success: Text
    """What must happen for the drill to have succeeded."""


class DurationCriterion(_Criterion):
    """The time until something is done."""

    kind: Literal["duration"]
    """Time until something is done."""
    at_most: Interval


class JudgementCriterion(_Criterion):
    """A named assessor's judgement, with what would change it."""

    kind: Literal["judgement"]
    """A named assessor's judgement."""
    question: Text
    """What the assessor has to judge."""
    would_change: Text | None = None
    """What would change the assessor's mind."""


Criterion = Annotated[
    RateCriterion | SampleCriterion | CensusCriterion | ExerciseCriterion | DurationCriterion | JudgementCriterion,
    Field(discriminator="kind"),
]


class Target(Strict):
    """A measurable target: who, with what, for how long, must not be able to do what."""

    statement: Text
    """Who, with what, for how long, must not be able to do what."""
    actor: Line | None = None
    """Who the target is about."""
    resources: Line | None = None
    """What that actor has: money, time, access, skill."""
    criteria: tuple[Criterion, ...] = ()
    """What would show that the target is met; each has a `kind`."""

    @model_validator(mode="after")
    def _named_once(self) -> "Target":
        times = Counter(criterion.name for criterion in self.criteria)
        if double := next((name for name, count in times.items() if count > 1), None):
            raise ValueError(f"two criteria are named {double!r}; give each its own name")
        return self
