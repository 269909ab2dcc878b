"""The fields that all triggers of a register share."""

from typing import Literal

from pydantic import model_validator

from reassay.register.base import Depth, Line, SoftInterval, Strict, Text

MustComplete = Literal["before_change", "within", "none"]


class TriggerSpec(Strict):
    """The fields of all triggers."""

    depth: Depth | None = None
    """Depth of the re-assessment; a lighter one does not restart this clock."""
    must_complete: MustComplete | None = None
    """`before_change`: it must be decided before the change is made available."""
    within: SoftInterval | None = None
    """Time to respond after it has fired; `defaults.respond_within` if left out."""
    screening: Line | None = None
    """A screening question; only a yes leads to the full re-assessment."""
    in_words: Text | None = None
    """The trigger in the words of the framework."""

    @model_validator(mode="after")
    def _within_has_a_figure(self) -> "TriggerSpec":
        if self.must_complete == "within" and self.within is None:
            raise ValueError("'must_complete: within' needs 'within'; write for example 'within: 30 days'")
        return self


class ClockSpec(TriggerSpec):
    """A trigger that fires as time passes since the last assessment. A commitment without one is due at once."""


class DefaultTriggerSpec(TriggerSpec):
    """A trigger that every mitigation has until it states one of the same kind, which then takes its place.

    Its value is `for_every_mitigation` of the trigger in `bot/reassay/assessment/triggers`.
    """


class BuiltInTriggerSpec(TriggerSpec):
    """Options of a trigger that every subject has without stating it: the first one stated takes the place of the usual ones."""
