"""The measurement of a criterion: tool, task, metric, and the undesired outcomes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Line, Positive, Share, Strict

ToolName = Literal["inspect", "garak", "promptfoo", "pyrit", "lm-eval", "junit", "csv", "json"]
"""A format of result files that can be read."""


Provenance = Literal["attested", "uploaded", "workflow-run"]
"""How a result came here, weakest first: a person's word, a file that a person committed or uploaded, or a run of a workflow that
was registered before its first result."""


class Columns(Strict):
    """Columns of a CSV file, or keys of the objects in a JSON list or JSON lines file, that no tool's format fixes."""

    outcome: Line
    """The column with the outcome of each attempt."""
    prompt: Line
    """The column that names the prompt; equal values are one cluster."""
    error: Line | None = None
    """A column that is not empty where the attempt failed before there was something to judge."""
    model: Line | None = None
    """The column with the model that answered."""
    performed_at: Line | None = None
    """The column with the time of the attempt (ISO 8601, with a zone)."""
    unscored: tuple[Line, ...] = ()
    """Outcomes that mean that the attempt could not be judged; an empty cell always does."""
    task: Line | None = None
    """The column with the name of the task."""
    task_version: Line | None = None
    """The column with the version of the task."""


class Measurement(Strict):
    """What of a result file is counted."""

    tool: ToolName | None = None
    """The tool whose files are taken; without it those of every tool that has the metric."""
    task: Line | None = None
    """The task, probe or suite; a file of another task is refused."""
    task_version: Line | None = None
    """The version of the task; a file of another version is refused."""
    metric: Line | None = None
    """The metric, scorer or detector; without it the file must have exactly one."""
    adverse: tuple[Line, ...] = ()
    """Outcomes that are the undesired one, as the tool writes them, for example `I`. Needed where the tool does not fix it."""
    not_adverse: tuple[Line, ...] = ()
    """Outcomes that are not the undesired one. Any other outcome counts as not assessed."""
    slice_by: Line | None = None
    """Key of a sample's metadata, or column, by which slices are told apart, for example `language`."""
    cluster_by: Line | None = None
    """Key of a sample's metadata, or column, that names the seed prompt of paraphrases and translations."""
    columns: Columns | None = None
    """Needed for `csv` and `json`."""

    @model_validator(mode="after")
    def _sides_differ(self) -> "Measurement":
        if double := sorted(set(self.adverse) & set(self.not_adverse)):
            raise ValueError(f"{double[0]!r} is both in 'adverse' and in 'not_adverse'; keep it in one of them")
        if bool(self.adverse) != bool(self.not_adverse):
            raise ValueError("'adverse' and 'not_adverse' belong together; state both")
        if self.tool in {"csv", "json"} and self.columns is None:
            raise ValueError("'columns' is missing; say which column holds the outcome and which the prompt")
        return self


class FixedPlan(Strict):
    """A run whose size is declared before its first result; it is read once and never topped up."""

    n: Positive
    """Prompts of the run."""
    seed: Line
    """The seed by which the prompts are drawn, so that the run can be repeated."""


class JudgeValidation(Strict):
    """How well the judge (a model or people) finds adverse outputs: a positive control of known-adverse items."""

    at_least: Annotated[int, Field(ge=1)]
    """Known-adverse items that the control must have."""


class SlicePolicy(Strict):
    """What each slice must show beside the pool."""

    required: tuple[Line, ...] = ()
    """Slices that must be there, for example the languages of the deployments."""
    each_at_most: Share | None = None
    """Largest acceptable true rate in every slice; each is judged on its own."""
    floor: Positive | None = None
    """Prompts that every slice must have where they are pooled without a ceiling of their own; none may be exceeded."""
