"""interval-range: every three to six months. From the near end on it may be decided, by the far end it must be."""

from bot.domain.triggers.base import CellFacts, Fired, Pending, Result, Skipped

KIND = "interval-range"


def evaluate(facts: CellFacts) -> Result:
    """Opens at the near end, is due at the far end; both count from the last decided re-assessment."""
    earliest, latest = facts.mitigation.earliest, facts.mitigation.interval
    if earliest is None:
        return Skipped(KIND, "no range of intervals is stated")
    if facts.last is None:
        return Skipped(KIND, "it was never assessed, so no interval runs")
    if latest is None:
        return Skipped(KIND, "the range has no far end")
    opens, due = earliest.after(facts.last.on), latest.after(facts.last.on)
    reason = f"{earliest.words()} to {latest.words()} since {facts.last.words()}"
    return Fired(KIND, reason, due) if facts.today >= opens else Pending(KIND, reason, due, opens)
