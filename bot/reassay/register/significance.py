"""Thresholds of significant changes of deployments."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from reassay.register.base import Strict
from reassay.register.ratio import Ratio

ChangeSort = Literal[
    "audience",
    "access",
    "modality",
    "affordance",
    "oversight",
    "safeguard",
    "host",
    "domain",
    "age-policy",
    "model",
    "scale",
    "language",
    "region",
    "integration",
]
"""Sorts of change of a deployment."""
Percent = Annotated[float, Field(gt=0, le=100)]


class Significance(Strict):
    """Thresholds of growth since the last assessed snapshot that require a re-assessment. Defaults are those of reassay."""

    users: Ratio = Fraction(2)
    """Factor of the number of users."""
    rate_limit: Ratio = Fraction(2)
    """Factor of the rate limit of one account."""
    context_tokens: Ratio = Fraction(4)
    """Factor of the size of the context."""
    rollout_steps: tuple[Percent, ...] = (1.0, 10.0, 50.0, 100.0)
    """Shares of the audience, in percent; crossing one is significant."""
    only_recorded: tuple[ChangeSort, ...] = ()
    """Sorts of change that are recorded and never significant."""
