"""A model: what deployments run, in which version, with the figures that triggers compare."""

from typing import Annotated

from pydantic import Field, FiniteFloat, StringConstraints

from reassay.register.base import Day, Described, Id, Line

METRIC_PATTERN = r"^[a-z][a-z0-9]*([_.-][a-z0-9]+)*$"
MetricName = Annotated[str, StringConstraints(pattern=METRIC_PATTERN, max_length=100)]
"""Lower case with underscores, for example `effective_compute`."""
Metrics = Annotated[dict[MetricName, FiniteFloat], Field(max_length=200)]


class Model(Described):
    """A model that deployments name."""

    version: Line
    """As its developer calls it; in quotes if it looks like a number."""
    derived_from: Id | None = None
    """Id of the model it was made from."""
    metrics: Metrics = Field(default_factory=dict)
    """Figures by name, for example `effective_compute: 4.0e25`; the unit is whatever all versions are measured in."""
    released: Day | None = None
    """When it was first deployed."""
