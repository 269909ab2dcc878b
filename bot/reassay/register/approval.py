"""Approval steps of a subject: the roles that must recommend, review or approve, in order."""

from typing import Annotated, Literal

from pydantic import Field

from reassay.register.base import Line, Positive, RoleName, Strict

StepKind = Literal["recommend", "review", "approve"]
Excluded = Literal["author", "owner", "assessor", "pusher"]


class ApprovalStep(Strict):
    """One approval step; the steps of a list are taken in order."""

    role: RoleName
    """The role that takes the step."""
    min: Positive = 1
    """How many different people of the role must take it."""
    kind: StepKind = "approve"
    """Whether they recommend, review or approve."""
    excludes: tuple[Excluded, ...] = ()
    """People who do not count although they hold the role."""
    when: Line | None = None
    """When the step is needed, in words; always if left out."""


Approval = Annotated[tuple[ApprovalStep, ...], Field(max_length=20)]
"""Ordered steps."""
