"""Cells, results and the history of subjects, as the dashboard shows them.

Rates are fractions between 0 and 1 unless a unit is named.
"""

from datetime import date, datetime
from typing import Literal

from reassay.register.base import Strict


class SourcePlace(Strict):
    """A line of a file of the framework repository."""

    path: str
    line: int


class CriterionFigure(Strict):
    """The last result of one criterion in one cell, with its interval against the target."""

    criterion: str
    kind: str
    """`rate`, `sample`, `census`, `exercise`, `duration`, `effort`, `detector`, `capability`, `judgement`; `unknown` where what
    was decided about was not read here."""
    verdict: str
    """met, missed, exceeded, insufficient, refused or not-measured."""
    basis: str
    why: str = ""
    value: float | None = None
    lower: float | None = None
    """Lower end of the interval; None where the kind has none or it is not known."""
    upper: float | None = None
    level: float | None = None
    """Confidence level of the interval, such as 0.95."""
    target: float | None = None
    is_ceiling: bool = True
    """Whether the target is the most that is accepted; False where it is the least."""
    unit: str = ""
    """Empty for fractions, which are shown in per cent."""
    k: int | None = None
    n: int | None = None
    on: date | None = None
    """The day of the decision that used it."""
    record: str = ""
    cell: str = ""
    """The deployment, where a record has figures that differ by deployment; empty in all other places."""


class DashboardCell(Strict):
    """One mitigation or commitment in one deployment."""

    subject: str
    kind: Literal["mitigation", "commitment"]
    title: str
    deployment: str
    """`*` where no deployment is named."""
    owner: str
    assessors: tuple[str, ...] = ()
    state: str
    timing: str
    """The state by dates and triggers alone."""
    is_wrong: bool
    """Whether it is in any state but current, due soon and retired, or a trigger of it is blind."""
    is_blind: bool = False
    verdict: str
    """The last decision as it may be read today, with its basis: never "effective" when overdue."""
    basis: str = ""
    due: date | None = None
    due_at: datetime | None = None
    opens: date | None = None
    """The day on which pacing opens it."""
    reason: str = ""
    issue: int | None = None
    record: str = ""
    """The last decided re-assessment."""
    decided: date | None = None
    figures: tuple[CriterionFigure, ...] = ()


class LedgerLine(Strict):
    """One ledger entry about a record, as verified when the dashboard was made."""

    seq: int
    kind: str
    at: datetime
    actor: str
    words: str
    digest: str
    """SHA-256 of the entry file, in hexadecimal."""
    trust: Literal["signed", "unsigned", "unknown-key", "broken"]
    """`signed`: by a key in force; `unknown-key`: by one that was not in force or was compromised; `broken`: not valid."""


class DashboardRecord(Strict):
    """One re-assessment of a subject."""

    id: str
    state: str
    depth: str
    cells: tuple[str, ...]
    opened: date
    why: tuple[str, ...]
    """Its triggers, in words."""
    due: date | None = None
    decided: date | None = None
    decision: str = ""
    basis: str = ""
    by: str = ""
    """Login of who decided; `imported` for imported assessments."""
    reason: str = ""
    issue: int | None = None
    figures: tuple[CriterionFigure, ...] = ()
    sign_offs: tuple[str, ...] = ()
    """Role, person and day of each, in words."""
    evidence: tuple[str, ...] = ()
    is_withdrawn: bool = False
    is_late: bool = False
    entries: tuple[LedgerLine, ...] = ()


class DashboardSubject(Strict):
    """A mitigation or commitment, with its history."""

    id: str
    kind: Literal["mitigation", "commitment"]
    title: str
    description: str = ""
    owner: str
    assessors: tuple[str, ...] = ()
    status: str = ""
    version: int | None = None
    layer: str = ""
    stage: str = ""
    """Lifecycle stage."""
    target: str = ""
    criteria: tuple[str, ...] = ()
    """Each criterion in words, with its bound."""
    assumptions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Invalidation conditions."""
    triggers: tuple[str, ...] = ()
    """What re-assesses it, in words."""
    threat_models: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Sources with ids; addresses are shown as text."""
    place: SourcePlace | None = None
    records: tuple[DashboardRecord, ...] = ()
    """Newest first."""


class EffectivenessPoint(Strict):
    """The result of a criterion at one decision."""

    on: date
    record: str
    value: float
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    verdict: str


class EffectivenessSeries(Strict):
    """One criterion of one subject in one cell, over time."""

    subject: str
    cell: str
    criterion: str
    unit: str = ""
    is_ceiling: bool = True
    target: float | None = None
    """Today's target."""
    points: tuple[EffectivenessPoint, ...]
    """By day; at least one."""


class TimelineEvent(Strict):
    """Something in the past or to come on one day."""

    on: date
    subject: str
    title: str
    kind: Literal["opened", "decided", "due", "will-open", "will-be-due", "imported"]
    cells: tuple[str, ...] = ()
    decision: str = ""
    is_late: bool = False
    record: str = ""
    words: str = ""
