"""What a trigger is given and what it answers: never a bare boolean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.register.configuration import Configuration
from bot.domain.register.mitigation import Mitigation


@dataclass(frozen=True, slots=True)
class LastAssessment:
    """The assessment a cell's clock counts from."""

    on: date
    provenance: Literal["decided", "imported"]
    decision: str | None = None
    """effective, degraded or ineffective; None if imported."""
    version: int | None = None
    """Of the mitigation then; None if not known."""
    record: str | None = None
    """Id of the re-assessment; None if imported."""
    self_assessed: bool = False
    snapshot: Mapping[str, object] | None = None
    """The mitigation as written then; None if not known."""

    def words(self) -> str:
        """How it is referred to in a sentence."""
        if self.provenance == "imported":
            return f"the assessment of {self.on} (imported, not verified)"
        stamp = ", self-assessed" if self.self_assessed else ""
        return f"{self.record} of {self.on} ({self.decision}, attested{stamp})"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asked for a re-assessment, and it is not decided yet."""

    reason: str
    """A sentence: who asked, and why."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class CellFacts:
    """Everything a trigger may look at; time is a fact like the others."""

    mitigation: Mitigation
    cell: str
    configuration: Configuration
    today: date
    last: LastAssessment | None
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Fired:
    """A re-assessment is wanted. `due` None: so long after opening as `respond_within` says."""

    kind: str
    reason: str
    due: date | None = None
    requested_by: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Not yet; `opens` is the day on which it will fire, `due` the day it will be due."""

    kind: str
    reason: str
    due: date
    opens: date


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing to do here, and why: nothing to compare, already done, missing data."""

    kind: str
    reason: str


Result = Fired | Pending | Skipped
