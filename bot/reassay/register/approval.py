"""Who has to agree, in which order: steps that published frameworks know, written so that they can be checked."""

from typing import Annotated, Literal

from pydantic import Field

from reassay.register.base import Line, Positive, RoleName, Strict

StepKind = Literal["recommend", "review", "approve"]
Excluded = Literal["author", "owner", "assessor", "pusher"]


class ApprovalStep(Strict):
    """One step; the steps of a list are taken in order."""

    role: RoleName
    """Who takes it."""
    min: Positive = 1
    """How many different people of that role."""
    kind: StepKind = "approve"
    """What they say by it."""
    excludes: tuple[Excluded, ...] = ()
    """Who may not count here although they hold the role."""
    when: Line | None = None
    """In which cases the step is needed, in words; always if left out."""


Approval = Annotated[tuple[ApprovalStep, ...], Field(max_length=20)]
"""Ordered steps."""
