"""Targets of mitigations and the criteria that show whether they are met."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Interval, Line, Positive, Share, Strict, Text


class _Criterion(Strict):
    name: Line
    """Name of what is measured, for example `attack success rate` or `staff trained`."""


class RateCriterion(_Criterion):
    """Undesired events of n trials, judged with exact bounds."""

    kind: Literal["rate"]
    """Events of n trials."""
    at_most: Share
    """The largest acceptable true rate, 0 to 1."""
    margin: Share = 0.0
    """Margin between the measured upper bound and `at_most`."""
    undesired: Line | None = None
    """Which outcome counts as undesired, for example `attack_success` or `refusal`."""


class SampleCriterion(_Criterion):
    """Undesired items in a sample of a finite population."""

    kind: Literal["sample"]
    """A sample of a finite population."""
    population: Positive
    """Size of the population."""
    at_most: Share
    """The largest acceptable true share of undesired items, 0 to 1."""
    margin: Share = 0.0
    """Margin between the measured upper bound and `at_most`."""


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
