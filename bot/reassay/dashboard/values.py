"""The content of a dashboard as frozen values. Texts are data from the register or from people, never markup.

Dates are calendar dates in `Dashboard.timezone`; instants carry their zone.
"""

from datetime import date, datetime
from typing import Final, Literal

from pydantic import ConfigDict, Field

from reassay.dashboard.coverage_values import (
    CommitmentLine,
    DeploymentColumn,
    IncidentChart,
    LanguageCell,
    LayerRow,
    StandardLine,
)
from reassay.dashboard.subject_values import (
    DashboardCell,
    DashboardSubject,
    EffectivenessSeries,
    SourcePlace,
    TimelineEvent,
)
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.register.base import Strict

SCHEMA: Final = "reassay/dashboard/v1"


class DashboardProblem(Strict):
    """Something that makes the rest less certain: shown first and in red."""

    kind: Literal["unreadable", "error", "blind", "ledger", "sweep", "verdict"]
    """`unreadable`: was known and cannot be read; `error`: of the register; `blind`: a source that cannot be relied on;
    `ledger`: missing, broken or not verified; `sweep`: the last run did not finish; `verdict`: a recorded verdict is another one
    when it is computed again, or cannot be computed again."""
    what: str
    """The object, file, source or entry."""
    why: str
    """A sentence with its full stop."""
    remedy: str = ""
    place: SourcePlace | None = None
    owner: str = ""
    """Last known owner; empty if nobody is known."""
    since: date | None = None
    issue: int | None = None


class DashboardDuty(Strict):
    """One thing that one of some people has to do."""

    role: str
    """The role that gives the duty; empty where logins are named in the register directly."""
    people: tuple[str, ...]
    """Logins, of whom one is enough; empty where nobody is known."""
    verb: str
    """What to do: `decide`, `verify follow-up`, `fix the register`."""
    what: str
    """Title of the subject, or the place."""
    subject: str = ""
    """Id of the mitigation or commitment; empty for others."""
    cells: tuple[str, ...] = ()
    state: str = ""
    due: date | None = None
    due_at: datetime | None = None
    is_late: bool = False
    issue: int | None = None
    follow_up: str = ""
    """`R-2026-001 follow-up 1`, if it is one."""
    group: Literal["now", "month", "later", "queued", "unknown"]
    """`now`: this week or late; `queued`: pacing opens it later; `unknown`: a source that it needs is missing."""


class Dashboard(Strict):
    """Everything that the dashboard of one framework repository shows."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    document: Literal["reassay/dashboard/v1"] = Field(default=SCHEMA, alias="schema")
    repository: str
    """OWNER/NAME, or the name of the folder."""
    url: str = ""
    """Address of the repository, from which issues and files are linked; empty if it is not known."""
    source: str = ""
    """Names the register among all registers, and stays the same: `ID.HOST` of the repository that the ledger names."""
    commit: str = ""
    """Full id of the commit that was read, at which files are linked; empty if files were read that are in none."""
    at: datetime
    timezone: str
    today: date
    provenance: tuple[tuple[str, str], ...]
    """Register commit, ledger anchor, version."""
    trust: str = ""
    """What the record proves, in a line."""
    swept: datetime | None = None
    """When the last sweep ran; None if it is not known."""
    problems: tuple[DashboardProblem, ...] = ()
    duties: tuple[DashboardDuty, ...] = ()
    """Most urgent first."""
    cells: tuple[DashboardCell, ...] = ()
    """Most urgent first."""
    subjects: tuple[DashboardSubject, ...] = ()
    series: tuple[EffectivenessSeries, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    """By day."""
    planned_until: date | None = None
    """The last day of the forecast in `timeline`; None if nothing was forecast."""
    deployments: tuple[DeploymentColumn, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    languages: tuple[LanguageCell, ...] = ()
    standards: tuple[StandardLine, ...] = ()
    commitments: tuple[CommitmentLine, ...] = ()
    incident_charts: tuple[IncidentChart, ...] = ()
    """Charts of incident rates; those with fired triggers come first."""
    incident_charts_left_out: int = 0
    """Watches without a chart here, because there are too many."""
    verdicts: tuple[DashboardVerdict, ...] = ()

    @property
    def summary(self) -> tuple[tuple[str, int], ...]:
        """State and number of cells, most urgent first."""
        counts: dict[str, int] = {}
        for cell in self.cells:
            counts[cell.state] = counts.get(cell.state, 0) + 1
        return tuple(counts.items())
