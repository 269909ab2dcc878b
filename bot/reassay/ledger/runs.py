"""Ledger records of evaluation runs: known from their start, so that those without a result are known, too.

A run registers itself by an artifact that it uploads before it measures, and its result comes by another one. A sweep finds both,
asks GitHub which workflow run they are of, and records them. Whoever started a run stands behind no entry: the entry's `actor` is
None, but for a run that a person abandons.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.answers import Arm, AttachedResult
from reassay.ledger.digests import Digest
from reassay.register.base import Id, Line, Strict

RunId = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}-[1-9][0-9]{0,4}-[a-z0-9][a-z0-9-]{0,59}$")]
"""Number of the workflow run, number of its attempt, and name of the evaluation in it. Another attempt is another run."""
RunProvenance = Literal["workflow-run", "uploaded"]
"""`workflow-run`: GitHub says that a workflow of the default branch uploaded it, and that the run had registered itself before.
`uploaded`: anything else; it counts as a file that a person brought."""
RunOutcome = Literal["result", "failed", "cancelled", "abandoned"]


class RunRegistered(Strict):
    """An evaluation run began. Everything but the workflow's identity is what the run says of itself."""

    kind: Literal["run-registered"] = "run-registered"
    run: RunId
    """Number of the workflow run, number of its attempt, and name of the evaluation, joined with hyphens."""
    subject: Id
    """Id of the mitigation that is measured."""
    reassessment: str | None = None
    """Its open re-assessment when the run was recorded; None without one."""
    criterion: str | None = None
    """Name of the criterion that it is for; None for every criterion that its files fit."""
    arm: Arm = "measured"
    """What its files measure; each result says so of itself, too."""
    tool: Line | None = None
    """Tool that is to run."""
    planned: Annotated[int, Field(ge=1)] | None = None
    """Prompts that the run sets out to ask."""
    seed: Line | None = None
    """Seed by which they are drawn."""
    version: Annotated[int, Field(ge=1)] | None = None
    """Version of the mitigation that was in force when it began; None if that is not known."""
    trained_on: Literal["yes", "no", "unknown"] = "unknown"
    """Whether the mitigation, or the model, was trained on these prompts."""
    languages: tuple[Line, ...] = ()
    """Languages of the prompts, where its files do not tell them apart."""
    deployments: tuple[Id, ...] = ()
    """Deployments on which it measures; none: all that are covered."""
    workflow: Line
    """Path of the workflow's file, as GitHub says."""
    branch: Line
    """Branch whose workflow ran, as GitHub says."""
    commit: str
    """Commit of that branch, as GitHub says."""
    event: Line
    """Event that started the workflow, as GitHub says."""
    provenance: RunProvenance
    why: Line | None = None
    """Why it is only `uploaded`, as a sentence without its full stop; None otherwise."""
    artifact: Annotated[int, Field(ge=1)]
    """Id of the artifact by which it registered itself."""
    started_at: datetime
    """When GitHub received that artifact."""


class RunEnded(Strict):
    """An evaluation run came to its end: with a result, or without one, which is kept just as well."""

    kind: Literal["run-ended"] = "run-ended"
    run: RunId
    """As in `run-registered`; a result may come without one."""
    subject: Id
    """Id of the mitigation that was measured."""
    reassessment: str | None = None
    """The mitigation's open re-assessment when the end was recorded; None without one. The result counts without one, too."""
    how: RunOutcome
    """`result`: it has results; `failed`, `cancelled`: its job ended without one; `abandoned`: a person gave it up."""
    criterion: str | None = None
    """Name of the criterion that the result is for; None for every criterion that its files fit."""
    results: tuple[AttachedResult, ...] = ()
    """One for each result file; none without a result. `run` of each is this run's id."""
    provenance: RunProvenance
    why: Line | None = None
    """Why there is no result, or why it is only `uploaded`, as a sentence without its full stop; None otherwise."""
    because: Digest | None = None
    """Reason of the person who abandoned it."""
    artifact: Annotated[int, Field(ge=1)] | None = None
    """Id of the artifact that held the result, or said that there is none; None if GitHub alone said how the run ended."""
    ended_at: datetime
    """When GitHub received that artifact, else when the end was found."""


class RunRefused(Strict):
    """An artifact with the name of a registration or a result was refused. It is recorded once, and counts for nothing."""

    kind: Literal["run-refused"] = "run-refused"
    artifact: Annotated[int, Field(ge=1)]
    """Id of the artifact."""
    workflow_run: Annotated[int, Field(ge=1)]
    """Number of the workflow run that uploaded it, as GitHub says."""
    why: Line
    """As a sentence without its full stop."""
