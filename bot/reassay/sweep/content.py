"""Content of a repository from git: register, ledger, and merge results of pull requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reassay.assessment.unreadable import LastReadableRegister
from reassay.changes.guarded_paths import GuardedPaths
from reassay.ledger.state import LedgerState
from reassay.register.register import Register
from reassay.sweep.overrides import Overrides


@dataclass(frozen=True, slots=True)
class RepositoryContent:
    """The register and the ledger, each at one commit."""

    commit: str
    branch: str
    register: Register
    overrides: Overrides
    ledger: LedgerState
    configuration_text: str | None = None
    """Text of the file that holds the configuration; None if there is none."""
    guarded: GuardedPaths = field(default_factory=GuardedPaths)
    """Paths whose content is read, or decides what runs."""
    last_readable: LastReadableRegister | None = None
    """The register as it last could be read, where something of it cannot be now; None if all can be, or none is known."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """Both sides of one pull request, or of one group of a merge queue."""

    base_commit: str
    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    """Paths of policy that differ, with what both sides have there."""
    mergeable: bool
    touching: frozenset[str] | None
    """Commits of the pull request that change guarded paths, or content that came to one; None if some could not be read."""
    landed: Register | None = None
    """The register after the merge; None before it."""
