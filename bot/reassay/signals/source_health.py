"""The health of a source of signals. It can be relied on if it was read, its reading succeeded, and it is not silent.

Silence is never zero incidents: whatever rests on a source that is not `ok` is blind.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reassay.common.calendar import Duration
from reassay.register.signal_sources import SourceSpec
from reassay.signals.recorded import RecordedSource
from reassay.signals.source_settings import settings_digest

HealthState = Literal["ok", "never-read", "not-read-here", "failed", "silent"]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The health of one source at an instant."""

    source: str
    state: HealthState
    since: datetime | None = None
    """When this state began: the failure, or the last thing that a silent source said. None for `ok` and `never-read`."""
    words: str = ""
    """What is wrong, as half a sentence; empty for `ok`."""

    @property
    def is_ok(self) -> bool:
        """Whether it can be relied on."""
        return self.state == "ok"


def health(spec: SourceSpec, recorded: RecordedSource | None, now: datetime) -> SourceHealth:
    """The health of a source, from what the ledger has of it."""
    name = spec.id
    if recorded is None or recorded.settings != settings_digest(spec):
        return SourceHealth(name, "never-read", None, f"the source {name} was never read")
    if recorded.state == "not-read-here":
        why = recorded.why or "no program that ran can read it"
        return SourceHealth(name, "not-read-here", recorded.since, f"the source {name} is not read: {why}")
    if recorded.state == "failed":
        why = f": {recorded.why}" if recorded.why else ""
        words = f"the source {name} cannot be relied on since {moment(recorded.since)}{why}"
        return SourceHealth(name, "failed", recorded.since, words)
    last = last_word(recorded)
    if spec.silent_after is not None and now > later(last, spec.silent_after):
        words = f"the source {name} has said nothing new since {moment(last)}"
        return SourceHealth(name, "silent", last, words)
    return SourceHealth(name, "ok")


def last_word(recorded: RecordedSource) -> datetime:
    """When the source last said something: its newest item, count or heartbeat, else its first reading."""
    return recorded.newest or recorded.began_at


def later(instant: datetime, duration: Duration) -> datetime:
    """The instant plus a duration, at the same time of day (UTC)."""
    return datetime.combine(duration.after(instant.date()), instant.timetz())


def moment(instant: datetime) -> str:
    """An instant in words of this program: `2026-12-01 09:00 UTC`."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
