"""Criterion about what a model cannot do: judged, and never a bound on a rate.

A test shows what a model did, under the elicitation that was tried. So an assessor judges, says how it was elicited, and how it
was checked that the model did not recognise the test or hold back.
"""

from typing import Literal

from reassay.register.base import Id, Positive, Strict, Text
from reassay.register.criterion_base import NamedCriterion
from reassay.register.resources import Hours


class Elicitation(Strict):
    """How a capability was elicited, or the least that it takes."""

    fine_tuned: bool = False
    """Whether the model was fine-tuned for the task, refusals included."""
    scaffold: Id | None = None
    """The program around the model, for example `agent-loop`; `none` where there was none."""
    best_of: Positive = 1
    """Attempts at each task of which the best counts."""
    tools: tuple[Id, ...] = ()
    """Tools that the model had, for example `browsing` and `code-execution`."""
    effort: Hours | None = None
    """Hours of work on elicitation, of all people together."""


class CapabilityCriterion(NamedCriterion):
    """What a model cannot do."""

    kind: Literal["capability"]
    """A judged claim about what a model cannot do."""
    claim: Text
    """What the model cannot do, and below which level it stays."""
    elicitation: Elicitation = Elicitation.model_construct()
    """The least elicitation; a judgement on less does not meet it."""
    would_change: Text | None = None
    """What would change the assessor's mind."""
