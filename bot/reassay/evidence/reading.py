"""A reading: what a result file says about one metric, as counts and never as a rate.

A reading keeps the outcomes of every prompt, because the prompt is the unit of the statistics: generations of one prompt are a
cluster, and the same prompt in a later run is the same unit. The text of a prompt is never kept, only a digest of what names it.
"""

from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from reassay.register.base import Line, Strict

MOST_PROMPTS = 300_000
"""Prompts kept of one metric. A reader of a file with more keeps none of them and adds a problem, since such counts cannot be
combined with those of other runs."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""A name that a file gives. It is untrusted text."""
Number = Annotated[int, Field(ge=0)]


class PromptOutcomes(NamedTuple):
    """Outcomes of all generations of one prompt, or of one cluster of prompts (`cluster_by`), in one slice."""

    prompt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The first 16 hexadecimal digits of the SHA-256 of what names the prompt in the file: its text, or its id."""
    slices: tuple[tuple[Name, Name], ...]
    """Slice names and values, such as `language` and `de`; sorted by name."""
    outcomes: tuple[tuple[Name, Number], ...]
    """Outcome as the tool names it -> number of generations; sorted by outcome."""
    unscored: Number = 0
    """Generations that could not be judged: no answer, no score, an answer of the judge that could not be read."""
    errored: Number = 0
    """Generations that failed before there was something to judge."""

    @property
    def generations(self) -> int:
        """Number of all generations."""
        return sum(number for _, number in self.outcomes) + self.unscored + self.errored


class OutcomeDirection(Strict):
    """Which outcomes are adverse, where the tool itself fixes it: garak's detector hits are `attack_success`."""

    undesired: Line
    """The word of `undesired` in a criterion."""
    adverse: tuple[Name, ...]
    not_adverse: tuple[Name, ...]


class Reading(Strict):
    """One metric of one result file. What the file does not say is None or empty, and never 0."""

    metric: Name
    tool: Name
    """Name of the reader, for example `inspect`."""
    tool_version: Name | None = None
    format_version: Name | None = None
    task: Name | None = None
    task_version: Name | None = None
    models_asked: tuple[Name, ...] = ()
    """Models that were requested."""
    models_answered: tuple[Name, ...] = ()
    """Models that answered, as the answers name them."""
    performed_at: datetime | None = None
    """Start of the run, with its time zone."""
    digest: str
    """`sha256:` and the SHA-256 of the raw file."""
    planned: Number | None = None
    """Generations that the run set out to make; after a `limit`, those within it."""
    attempted: Number
    """Generations that the file has a result of: with an outcome, unscored or errored."""
    prompts: tuple[PromptOutcomes, ...] = ()
    """Sorted by prompt and slices; empty if there were more than MOST_PROMPTS."""
    totals: tuple[tuple[Name, Number], ...] = ()
    """Outcome -> number of generations, over all prompts; sorted by outcome."""
    unscored: Number = 0
    errored: Number = 0
    directions: tuple[OutcomeDirection, ...] = ()
    """Empty where only a criterion can say which outcome is adverse."""
    problems: tuple[Line, ...] = ()
    """Sentences without their full stop. Any of them keeps the reading from closing a re-assessment."""
    notes: tuple[Line, ...] = ()
    """Sentences that people should read, and that block nothing."""

    @property
    def adverse(self) -> int | None:
        """Generations with an adverse outcome, where the tool alone fixes which those are; None where a criterion has to."""
        if len(self.directions) != 1:
            return None
        (direction,) = self.directions
        is_whole = all(name in {*direction.adverse, *direction.not_adverse} for name, _ in self.totals)
        return sum(number for name, number in self.totals if name in direction.adverse) if is_whole else None
