"""What one look at a hundred repositories says of each, and whether that is reason enough to sweep one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from reassay.common.calendar import local_date

Fingerprint = Mapping[str, object]
"""As it is stored: plain JSON."""
VERSION = 1
"""Goes up when a glance says more: what was stored before then counts as changed."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What GitHub says of a repository without being asked for details."""

    id: int
    full_name: str
    is_private: bool
    is_archived: bool
    default_branch: str
    head: str
    """Commit of the default branch; empty if there is none."""
    ledger: str
    """Commit of the ledger's branch; empty if there is none."""
    issues: str
    """When an issue changed last, comments included, as GitHub writes it; empty if there is none."""
    pulls: str
    """When a pull request changed last."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal means that nothing happened that an event would have told of."""
        return {"version": VERSION, **asdict(self)}


@dataclass(frozen=True, slots=True)
class LastSweep:
    """How the last sweep of a repository ended."""

    at: datetime | None
    """None if there was none."""
    fine: bool
    """Whether nothing was left undone."""
    fingerprint: Fingerprint | None
    """What a glance said before it."""
    timezone: str
    next_instant: datetime | None = None
    """The first one after it at which something changes by itself."""


def why_sweep(last: LastSweep, glance: Glance, now: datetime) -> str | None:
    """Why a whole sweep is due; None if nothing can have come of one."""
    if last.at is None:
        return "it was never swept"
    if not last.fine:
        return "the last sweep left something undone"
    if last.fingerprint != glance.fingerprint:
        return "it changed"
    if local_date(last.at, last.timezone) != local_date(now, last.timezone):
        return "a new day began there"
    if last.next_instant is not None and last.next_instant <= now:
        return "a date was reached"
    return None
