"""Events of a watch of incidents: incidents, decisions, and the ceiling between two decisions."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.signals.rates.accepted import Ceiling

Effect = Literal["changed", "restated", "unchanged"]
"""`changed`: it was about a new version of the mitigation. `restated`: it signed a higher ceiling. `unchanged`: neither."""


@dataclass(frozen=True, slots=True)
class CountedIncident:
    """An incident, or the count of a day of a leading indicator."""

    day: date
    """The day on which it was first seen."""
    cause: str
    """Its root cause; incidents of one cause count once in a watch."""
    number: float = 1.0


@dataclass(frozen=True, slots=True)
class WatchDecision:
    """A decided re-assessment, as the watch of its cell goes through it."""

    day: date
    name: str
    """Its id, or words for it."""
    effect: Effect = "unchanged"
    settles_up_to: float = math.inf
    """The highest level that it settles: 20 for a light one; 0 if it did not know of this watch."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time up to a decision, or since the last one."""

    incidents: tuple[CountedIncident, ...]
    """Incidents that the decision at its end covers and the decision before it does not, in any order."""
    ceiling: Ceiling
    ends_with: WatchDecision | None = None
    """None for the time since the last decision."""


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What a decision did to the watch."""

    decision: WatchDecision
    evidence: float
    """The evidence before it."""
    settled: float
    """The level of the alarm that it settled; 0 if none."""
    starts_afresh: bool
    """Whether the watch restarted, because of the effect, or because the evidence was below 1."""
