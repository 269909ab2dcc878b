"""Configuration of the merge gate: sign-offs, questions and overrides of pull requests."""

from collections import Counter
from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.approval import Approval
from reassay.register.base import Id, Line, RoleName, Strict

FIELD_PATTERN = r"^[a-z][a-z-]*(\.[a-z][a-z_.-]*)?$"
FieldName = Annotated[str, Field(pattern=FIELD_PATTERN, max_length=100)]
"""A kind of object, or a field of one: `deployment`, `deployment.modalities_in`."""


class GateQuestion(Strict):
    """A question that must be answered before a loosening is merged."""

    id: Id
    """Its name."""
    text: Line
    """The question, asked for each object."""
    role: RoleName
    """Who answers and signs off the answer."""
    of: tuple[FieldName, ...] = ()
    """What it is asked about, for example `deployment.modalities_in`; every loosening if left out."""


class Gate(Strict):
    """The configuration of the merge gate. It is read from the base branch, never from the pull request."""

    loosening: Approval = ()
    """Sign-offs for each loosened object. If left out: its own `approval`, or else one of its assessors."""
    policy: Approval = ()
    """Sign-offs for changes of guarded paths: configuration, workflows, actions, CODEOWNERS, targets of links, submodules and
    the bot's own words. If left out: anyone with a role except the author."""
    questions: tuple[GateQuestion, ...] = ()
    """Questions about loosenings."""
    override: RoleName | None = None
    """The role that may override the gate; nobody if left out."""
    approve_counts: bool = False
    """Whether an approving review of the head commit signs off everything that its author may sign off."""

    @model_validator(mode="after")
    def _named_once(self) -> "Gate":
        times = Counter(question.id for question in self.questions)
        if double := next((name for name, count in times.items() if count > 1), None):
            raise ValueError(f"two questions are named {double!r}; give each its own name")
        return self
