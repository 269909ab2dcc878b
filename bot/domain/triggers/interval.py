"""interval: due so long after the last decided re-assessment. Soft open before, hard due at; month ends clamp."""

from datetime import timedelta

from bot.domain.triggers.base import CellFacts, Fired, Pending, Result, Skipped

KIND = "interval"


def evaluate(facts: CellFacts) -> Result:
    """Fires from the soft opening on; the due date is fixed by the anchor, not by the day it is looked at."""
    if facts.last is None:
        return Skipped(KIND, "it was never assessed, so no interval runs")
    every = facts.mitigation.interval
    if every is None:
        return Skipped(KIND, "no interval is stated")
    if facts.mitigation.earliest is not None:
        return Skipped(KIND, "a range of intervals is stated")
    due = every.after(facts.last.on)
    # A weekly interval with a two-week lead would be open all the time: never earlier than half way.
    half_way = facts.last.on + timedelta(days=max(1, (due - facts.last.on).days // 2))
    opens = max(facts.configuration.defaults.open_before.before(due), half_way)
    reason = f"{every.words()} since {facts.last.words()}"
    if facts.today >= opens:
        return Fired(KIND, reason, due)
    return Pending(KIND, reason, due, opens)
