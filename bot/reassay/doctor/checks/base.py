"""What the doctor is given, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reassay.assessment.cells import Situation
from reassay.github.protection import Branch, Environment
from reassay.github.repository_state import Repository

Standing = Literal["ok", "weak", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was examined."""

    id: str
    """Kebab-case, for programs."""
    standing: Standing
    """`weak`: somebody gets around by it. `unknown`: it could not be seen, which is not the same as fine."""
    what: str
    """A sentence: how it is."""
    means: str = ""
    """A sentence: who could do what by it; for `unknown`, which permission would show it."""
    mend: str = ""
    """A sentence: what to do."""


@dataclass(frozen=True, slots=True)
class DoctorInput:
    """What could be seen of an installation; None or absent: it could not."""

    situation: Situation
    repository: Repository
    viewer: str
    files: Mapping[str, str]
    """Workflows, CODEOWNERS and the like on the default branch, by path."""
    ledger: Branch | None = None
    """None: no rule could be read."""
    default: Branch | None = None
    environments: tuple[Environment, ...] | None = None
    repository_secrets: tuple[str, ...] | None = None
    """Names; never values, which nobody can read."""
    default_rights: Literal["read", "write"] | None = None
    """What a workflow's token may do that does not say so itself."""
    may_approve: bool | None = None
    """Whether workflows may approve pull requests."""
    now: datetime | None = None
    notes: tuple[str, ...] = field(default=())


def unknown(name: str, what: str, permission: str) -> Check:
    """It may not be looked at."""
    return Check(name, "unknown", what, f"A token with `{permission}` would show it.", "Run the doctor again with one.")
