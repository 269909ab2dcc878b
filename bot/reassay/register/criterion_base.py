"""Fields that all criteria of a target have."""

from reassay.register.base import Line, Strict


class NamedCriterion(Strict):
    """A criterion with its name."""

    name: Line
    """Name of what is measured, for example `attack success rate` or `staff trained`."""
