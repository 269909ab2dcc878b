"""Criterion of adaptive red-teaming: nobody succeeds within a stated effort.

A rate over the attempts of an attacker who adapts is a fact about that attacker, and not a sample. Hours without a success
have this meaning: with H hours of testers and none found, an attacker like the testers who has h hours succeeds with a chance of
at most 1 - 0.05^(h/H), at 95% confidence, if the chance of a success is the same in every hour.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Line, Positive, Strict, Text
from reassay.register.criterion_base import NamedCriterion
from reassay.register.resources import Access, Expertise, Hours, Resources

Chance = Annotated[float, Field(gt=0, lt=1)]


class RequiredEffort(Strict):
    """The least effort of the testers."""

    teams: Positive
    """Teams."""
    hours_each: Hours
    """Hours of work of each team."""
    independent: bool = True
    """Whether teams count only where they worked independently of each other."""
    incentive: Line | None = None
    """What testers gain by a success, for example `bounty`. With it, effort without a stated incentive does not count."""
    access: Access | None = None
    """The least access of the testers."""
    expertise: Expertise | None = None
    """The least expertise of the testers."""

    @property
    def hours(self) -> float:
        """Hours of all teams together."""
        return self.teams * self.hours_each


class EffortCriterion(NamedCriterion):
    """No success within a stated effort of adaptive red-teaming, for example to find a universal jailbreak."""

    kind: Literal["effort"]
    """Effort of adaptive red-teaming."""
    success: Text
    """What counts as a success, defined before testing. One success means missed until a new version."""
    attacker: Resources
    """The threat actor. Testers with less access, expertise, people or money do not count."""
    effort: RequiredEffort | None = None
    """The least effort of the testers."""
    chance_at_most: Chance | None = None
    """The largest acceptable chance that an attacker like the testers succeeds with the attacker's hours."""

    @model_validator(mode="after")
    def _can_be_shown(self) -> "EffortCriterion":
        if self.effort is None and self.chance_at_most is None:
            raise ValueError(
                "neither 'effort' nor 'chance_at_most' is stated; say how much effort without a success is enough"
            )
        if self.chance_at_most is not None and self.attacker.hours is None:
            raise ValueError("'chance_at_most' needs 'attacker.hours'; state the hours that the attacker has")
        return self
