"""Models that deployments run, with the metrics that triggers compare."""

from typing import Annotated

from pydantic import Field, FiniteFloat, StringConstraints

from reassay.register.base import Day, Described, Id, Line

METRIC_PATTERN = r"^[a-z][a-z0-9]*([_.-][a-z0-9]+)*$"
MetricName = Annotated[str, StringConstraints(pattern=METRIC_PATTERN, max_length=100)]
"""Lower case with underscores, for example `effective_compute`."""
Metrics = Annotated[dict[MetricName, FiniteFloat], Field(max_length=200)]


class Model(Described):
    """One model."""

    version: Line
    """Version as named by its developer; in quotes if it looks like a number."""
    derived_from: Id | None = None
    """Id of the model from which it was derived."""
    metrics: Metrics = Field(default_factory=dict)
    """Metrics by name, for example `effective_compute: 4.0e25`; use the same unit in all versions."""
    released: Day | None = None
    """When it was first deployed."""
