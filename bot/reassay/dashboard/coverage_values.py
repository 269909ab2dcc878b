"""Coverage, commitments and incident rates, as the dashboard shows them."""

from datetime import date
from typing import Literal

from reassay.register.base import Strict


class LayerMember(Strict):
    """One mitigation of a threat model in one deployment."""

    mitigation: str
    layer: str
    """Empty if it states none."""
    counts: bool
    why_not: str = ""


class LayerCell(Strict):
    """The layers against one threat model in one deployment."""

    threat_model: str
    deployment: str
    applies: bool
    """Whether the threat model applies there."""
    minimum: int
    counted: int
    members: tuple[LayerMember, ...] = ()
    single_point: str = ""
    """The id of the only mitigation that counts; empty if there are several or none."""
    is_short: bool = False
    shared_causes: tuple[str, ...] = ()


class LayerRow(Strict):
    """One threat model, over all deployments."""

    threat_model: str
    title: str
    cells: tuple[LayerCell, ...]
    """In the order of `Dashboard.deployments`."""


class DeploymentColumn(Strict):
    """One deployment."""

    id: str
    title: str
    audience: str
    """internal, trusted-testers or external."""
    model: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """Field and value in words: access, modalities, affordances, oversight."""
    states: tuple[tuple[str, int], ...] = ()
    """State and number of cells, most urgent first."""
    not_covered: tuple[str, ...] = ()
    """Mitigations that serve it and have no evidence of it."""


class LanguageCell(Strict):
    """One language of one deployment."""

    deployment: str
    language: str
    covered: tuple[str, ...] = ()
    """Mitigations with evidence in it."""
    not_covered: tuple[str, ...] = ()
    not_decided: tuple[str, ...] = ()


class StandardLine(Strict):
    """Coverage of one catalogue of controls."""

    catalogue: str
    is_listed: bool
    """Whether its list of controls is known; gaps are unknown otherwise."""
    cited: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Group or control, and the mitigations that cite it."""
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class CommitmentLine(Strict):
    """A public commitment, and whether it is kept."""

    id: str
    title: str
    statement: str
    source: str = ""
    standing: Literal["kept", "at-risk", "broken", "not-determinable", "not-in-force"]
    """`kept`: everything that it asks is current; `at-risk`: due soon, open or degraded; `broken`: overdue or ineffective;
    `not-determinable`: nobody can tell from the register and the ledger, and `why` says what is missing."""
    why: str
    due: date | None = None
    subjects: tuple[str, ...] = ()


class IncidentDay(Strict):
    """The end of one day of an incident rate."""

    on: date
    incidents: float
    """Counted so far."""
    accepted: float | None = None
    """The accepted number by then; None without exposure."""
    fires_at: float | None = None
    exposure: float | None = None
    is_settled: bool = True


class IncidentChart(Strict):
    """One incident-rate trigger, day by day."""

    subject: str
    cell: str
    title: str
    words: str
    """The counts of the last day, and the alarms."""
    unit: str = ""
    """Unit of the exposure; empty without."""
    days: tuple[IncidentDay, ...]
    fired: tuple[date, ...] = ()
