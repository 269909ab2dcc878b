"""invalidation-condition: a foreseeable ground for doubt has come about, because somebody says so."""

from bot.domain.register.trigger_specs import InvalidationConditionSpec
from bot.domain.triggers.base import CellFacts, Result, Skipped

KIND = "invalidation-condition"
SPEC = InvalidationConditionSpec


def evaluate(spec: InvalidationConditionSpec, _facts: CellFacts) -> Result:
    """It fires when a role asks for the re-assessment and names the ground."""
    return Skipped(KIND, f"nobody has said that it has come about: {spec.condition}")
