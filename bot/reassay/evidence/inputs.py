"""Everything that a verdict on counts was computed from, as the ledger keeps it, so that anybody can compute it again."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from reassay.evidence.counting import OutcomeCounts
from reassay.evidence.rate_figures import RateFigures
from reassay.ledger.answers import Arm
from reassay.ledger.criterion_result import CriterionVerdictWord
from reassay.ledger.digests import Digest
from reassay.register.base import Strict
from reassay.register.criteria import Provenance

SCHEMA: Final = "reassay/verdict-inputs/v1"
STATISTICS: Final = "closing/1"
"""Version of the rules and formulas; it changes with any of them that could change a verdict."""


class MeasuredRun(Strict):
    """A result file of the episode, with what the ledger says of it."""

    entry: Annotated[int, Field(ge=1)]
    """Seq of the ledger entry."""
    recorded_at: datetime
    readings: Digest
    """Digest of the object with its readings."""
    arm: Arm
    version: int | None
    """Version of the mitigation when it was recorded; None if that is not known."""
    provenance: Provenance
    trained_on: Literal["yes", "no", "unknown"]
    languages: tuple[str, ...] = ()
    run: str | None = None
    """Id of the run that was registered at its start; None without one."""
    is_for_any: bool = False
    """Whether it is for every criterion that it fits: it names none, or one that the register has no more."""
    plan: Digest | None = None
    """Digest of the criterion as declared when it was recorded; None if that was not recorded."""
    only_against: str | None = None
    """Why its adverse outcomes count and the others do not, whatever its file says; a sentence without its full stop."""


class RunWithoutResult(Strict):
    """A run that was registered at its start under the present version, and whose result is not known."""

    run: str
    """Its id."""
    state: str
    """`open`, `failed`, `cancelled` or `abandoned`."""
    planned: int | None = None
    """Prompts that it set out to ask; None if that is not known."""


class CellCase(Strict):
    """A criterion in one cell, and the facts about it by register and ledger."""

    cell: str
    """The deployment, or `*`."""
    models: tuple[str, ...]
    """Names of the model that runs there; none if the register does not say."""
    languages: tuple[str, ...]
    """Languages that it is offered in."""
    version: int
    """Version of the mitigation in force."""
    in_force_since: datetime | None
    """Time of the record from which this version is known to be in force; None if the ledger has no earlier version."""
    since_entry: int
    """Seq of the decision at which the episode began; 0 without one."""
    versions: tuple[int, ...]
    """Versions of which the episode has a result or a registered run, in order of their first."""
    runs: tuple[MeasuredRun, ...]
    """In order of the ledger."""
    without_result: tuple[RunWithoutResult, ...] = ()
    """Registered runs of the episode without a result."""


class RunFinding(Strict):
    """What became of one result file in a verdict."""

    entry: Annotated[int, Field(ge=1)]
    """Seq of the ledger entry."""
    arm: Arm
    counts: OutcomeCounts | None = None
    """None if nothing could be counted."""
    weight: Literal["counts", "only-against", "no"]
    """`only-against`: its adverse outcomes count, and the others do not."""
    why_not: tuple[str, ...] = ()
    """Why it does not count in full, as sentences without their full stop."""
    remarks: tuple[str, ...] = ()
    """What people should know, likewise."""


class CellVerdict(Strict):
    """The verdict on a criterion in one cell."""

    cell: str
    verdict: CriterionVerdictWord
    why: str
    """A sentence without its full stop."""
    figures: RateFigures | None = None
    runs: tuple[RunFinding, ...] = ()


class VerdictInputs(Strict):
    """The inputs of a verdict on a criterion, and the verdict in each cell."""

    schema_: Literal["reassay/verdict-inputs/v1"] = Field(default=SCHEMA, alias="schema")
    statistics: str = STATISTICS
    criterion: str
    """Name of the criterion."""
    declared: str
    """The criterion as judged, in canonical JSON."""
    plans: tuple[tuple[Digest, str], ...] = ()
    """The criterion as declared with earlier results, in canonical JSON, by digest; sorted."""
    cases: tuple[CellCase, ...]
    verdicts: tuple[CellVerdict, ...]
    """One a case."""
