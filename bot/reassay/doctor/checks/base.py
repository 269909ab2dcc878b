"""Input and result of a check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reassay.assessment.cells import AssessmentInput
from reassay.github.repository_settings import Branch, Environment
from reassay.github.repository_state import Repository
from reassay.sweep.schedule_health import ScheduleSeen

IMPORT = "Import the ruleset"
"""The fix of what the rulesets of `reassay.doctor.rulesets` protect: the view says once how it is done."""
Standing = Literal["ok", "weak", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """Result of a check."""

    id: str
    """Kebab-case, for programs."""
    standing: Standing
    """`weak`: it allows a way around the gate. `unknown`: the token could not see it."""
    what: str
    """The state, as a sentence."""
    means: str = ""
    """The consequence, as a sentence; for `unknown` the permission that would show it."""
    mend: str = ""
    """The fix, as a sentence."""


@dataclass(frozen=True, slots=True)
class DoctorInput:
    """Settings of an installation; None or absent if the token could not see them."""

    assessment_input: AssessmentInput
    repository: Repository
    viewer: str
    """The account of the token that the doctor has; the bot may act with another one."""
    files: Mapping[str, str]
    """Workflows, CODEOWNERS and the like on the default branch, by path."""
    ledger: Branch | None = None
    """Protection of the ledger branch; None if no rule could be read."""
    default: Branch | None = None
    environments: tuple[Environment, ...] | None = None
    repository_secrets: tuple[str, ...] | None = None
    """Names of repository secrets; GitHub never shows values."""
    default_rights: Literal["read", "write"] | None = None
    """Default permission of a workflow's token."""
    may_approve: bool | None = None
    """Whether workflows may approve pull requests."""
    schedules: tuple[ScheduleSeen, ...] | None = ()
    """Schedules of our workflows, as GitHub knows them."""
    now: datetime | None = None
    acting_app: int | None = None
    """Id of the App behind `viewer`, where it is known."""
    ledger_writer: str = ""
    """The account that wrote the ledger last, as its commit states it; empty without a ledger."""
    notes: tuple[str, ...] = field(default=())


def unknown(name: str, what: str, permission: str) -> Check:
    """Result for a setting that the token cannot see."""
    return Check(
        name, "unknown", what, f"A token with `{permission}` would show it.", "Run the doctor again with such a token."
    )
