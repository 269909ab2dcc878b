"""Values of a sweep of one repository in the hosted App: claim, stamp, outcome and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.github.addresses import revision_of
from reassay.github.app_types import ActivityFingerprint, HostedRepository
from reassay.hosted.rules.sweep_schedule import CellInstant, LastSweep


@dataclass(frozen=True, slots=True)
class RepositoryClaim:
    """A repository whose next sweep is due, claimed by one process for a limited time (a lease)."""

    repository: HostedRepository
    due_at: datetime
    """When the sweep is due; may be a few minutes ahead."""
    last: LastSweep


@dataclass(frozen=True, slots=True)
class SweepStamp:
    """The time of a repository's next sweep, after its activity was read."""

    repository: int
    next_sweep: datetime
    activity: ActivityFingerprint | None = None
    """None leaves the stored one as it is."""


@dataclass(frozen=True, slots=True)
class SweepOutcome:
    """What a sweep of one repository stores."""

    at: datetime
    fine: bool
    """Whether it finished without problems."""
    fingerprint: ActivityFingerprint | None
    """Activity of the repository as read before the sweep."""
    problems: tuple[Mapping[str, str], ...] = ()
    timezone: str | None = None
    """None, like `status` and `instants`, if the sweep ended before the register was read; the stored value then stays."""
    status: Mapping[str, object] | None = None
    """Document `reassay/status/v1`."""
    instants: tuple[CellInstant, ...] | None = None
    next_sweep: datetime | None = None
    """None leaves the stored one as it is."""


@dataclass(frozen=True, slots=True)
class RepositoryStatus:
    """The status of a repository as of its last sweep."""

    repository: HostedRepository
    swept_at: datetime | None
    """None if it was never swept."""
    finished: bool
    """Whether that sweep finished without problems."""
    problems: tuple[Mapping[str, str], ...] = ()
    status: Mapping[str, object] | None = None
    """Document `reassay/status/v1`."""

    @property
    def fine(self) -> bool:
        """Whether the sweep finished, and everything in the register can be read."""
        return self.finished and not self.unreadable

    @property
    def unreadable(self) -> tuple[Mapping[str, object], ...]:
        """What cannot be read any more, as the document has it."""
        listed = (self.status or {}).get("unreadable")
        return tuple(own for own in listed if isinstance(own, Mapping)) if isinstance(listed, list) else ()

    @property
    def revision(self) -> str:
        """The commit that was read, as the document has it; `HEAD`, the default branch, where it names none."""
        return revision_of((self.status or {}).get("register"))

    @property
    def errors(self) -> int:
        """Number of errors in the register."""
        number = (self.status or {}).get("errors")
        return number if isinstance(number, int) else 0
