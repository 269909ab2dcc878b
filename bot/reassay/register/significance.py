"""Which changes of a deployment are significant by ratio, and which a framework only wants recorded."""

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
    """When growth since the last assessed snapshot wants a re-assessment. The figures are this program's own defaults."""

    users: Ratio = Fraction(2)
    """So many times the users."""
    rate_limit: Ratio = Fraction(2)
    """So many times the rate that one account may use."""
    context_tokens: Ratio = Fraction(4)
    """So many times the context."""
    rollout_steps: tuple[Percent, ...] = (1.0, 10.0, 50.0, 100.0)
    """Shares of the audience, in percent; crossing one is significant."""
    only_recorded: tuple[ChangeSort, ...] = ()
    """Sorts of change that this framework records and does not call significant."""
