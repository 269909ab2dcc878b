"""never-assessed: an active mitigation that nobody has assessed is due now."""

from bot.domain.triggers.base import CellFacts, Fired, Result, Skipped

KIND = "never-assessed"


def evaluate(facts: CellFacts) -> Result:
    """Fires until the first assessment, decided or imported."""
    if facts.last is not None:
        return Skipped(KIND, f"assessed on {facts.last.on}")
    return Fired(KIND, "it was never assessed")
