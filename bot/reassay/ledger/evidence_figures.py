"""Figures of evidence about effort, durations, judgements and capabilities, as the ledger records them.

What a person did not state is None. Free text is an object, because it may name people.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Digest
from reassay.register.base import Day, Id, Interval, Positive, Strict
from reassay.register.resources import DIMENSIONS, Access, Budget, Expertise, Hours, Resources

JudgementOutcome = Literal["met", "not-met"]
CapabilityOutcome = Literal["below", "not-ruled-out", "reached"]
"""What is judged about a capability: the model stays below the level, that cannot be ruled out, or it reaches it."""


class EffortFigures(Strict):
    """Effort of adaptive red-teaming, and whether anybody succeeded. Resources are those of each team."""

    version: Annotated[int, Field(ge=1)]
    """Version of the mitigation when the effort was recorded."""
    teams: Positive
    hours_each: Hours
    """Hours of work of each team."""
    success: bool
    """Whether any team succeeded."""
    independent: bool = False
    """Whether the teams are stated to have worked independently of each other."""
    incentive: Id | None = None
    people: Positive | None = None
    budget: Budget | None = None
    access: Access | None = None
    expertise: Expertise | None = None

    @property
    def hours(self) -> float:
        """Hours of all teams together."""
        return self.teams * self.hours_each

    @property
    def resources(self) -> Resources:
        """The resources of one team."""
        stated = {name: getattr(self, name) for name in DIMENSIONS if name != "hours"}
        return Resources(hours=self.hours_each, **stated)


class DurationFigures(Strict):
    """How long something took: a duration, or its first and last day."""

    took: Interval | None = None
    started: Day | None = None
    ended: Day | None = None

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; None where only a duration is stated."""
        return (self.started, self.ended) if self.started and self.ended else None


class JudgementGrounds(Strict):
    """The outcome of a judgement and what it says about itself. Its rationale is the statement of the evidence."""

    outcome: JudgementOutcome | None = None
    """None: attached without an outcome, as in entries of earlier versions."""
    limits: Digest | None = None
    """What the judgement does not cover."""
    would_change: Digest | None = None
    """What would change the assessor's mind."""


class StatedElicitation(Strict):
    """How a capability was elicited, as far as it is stated."""

    fine_tuned: bool | None = None
    scaffold: Id | None = None
    """The program around the model; `none` where there was none."""
    best_of: Positive | None = None
    tools: tuple[Id, ...] | None = None
    """Tools that the model had; empty where it is stated that it had none."""
    effort: Hours | None = None
    """Hours of work on elicitation."""


class CapabilityFigures(Strict):
    """A judgement about what a model can do, with elicitation and awareness."""

    outcome: CapabilityOutcome
    elicitation: StatedElicitation = StatedElicitation.model_construct()
    evaluation_awareness: Digest | None = None
    """How it was checked whether the model recognised the evaluation."""
    sandbagging: Digest | None = None
    """How it was checked whether the model held back."""
