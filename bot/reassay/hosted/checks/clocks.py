"""Check that a clock agrees with that of this machine."""

from datetime import datetime

from reassay.doctor.checks.base import Check
from reassay.hosted.rules.clock_steps import SKEW


def clock_check(name: str, whose: str, theirs: datetime, now: datetime) -> Check:
    """Whether a clock agrees with this machine's."""
    apart = abs(theirs - now)
    words = f"The clock of {whose} and this machine's are {apart.total_seconds():.0f} s apart."
    if apart > SKEW:
        means = "GitHub refuses an App whose clock is off, and tasks run early or late."
        return Check(name, "weak", words, means, "Set both by NTP.")
    return Check(name, "ok", words)
