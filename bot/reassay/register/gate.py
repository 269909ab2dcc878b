"""The merge gate's own rules: who signs what a pull request changes, what is asked, and who may break the glass."""

from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.approval import Approval
from reassay.register.base import Id, Line, RoleName, Strict

FIELD_PATTERN = r"^[a-z][a-z-]*(\.[a-z][a-z_.-]*)?$"
FieldName = Annotated[str, Field(pattern=FIELD_PATTERN, max_length=100)]
"""A kind of object, or a field of one: `deployment`, `deployment.modalities_in`."""


class GateQuestion(Strict):
    """A question that has to be answered before something looser is merged."""

    id: Id
    """Its name."""
    text: Line
    """The question, for each object that it is about."""
    role: RoleName
    """Who answers and signs it."""
    of: tuple[FieldName, ...] = ()
    """What it is asked about, for example `deployment.modalities_in`; everything that becomes looser if left out."""


class Gate(Strict):
    """Rules for pull requests. They are read from the branch that is merged into, never from the pull request."""

    loosening: Approval = ()
    """Who signs each object that becomes looser. Left out: what its own `approval` says, else somebody who assesses it."""
    policy: Approval = ()
    """Who signs changes of the configuration, of workflows and of CODEOWNERS. Left out: anybody with a role, not the author."""
    questions: tuple[GateQuestion, ...] = ()
    """What has to be answered."""
    override: RoleName | None = None
    """Who may let a pull request through without all that; nobody if left out."""
    approve_counts: bool = False
    """Whether an approving review of the very head is a sign-off of what its author may sign."""

    @model_validator(mode="after")
    def _named_once(self) -> "Gate":
        seen = [question.id for question in self.questions]
        if double := next((name for name in seen if seen.count(name) > 1), None):
            raise ValueError(f"two questions are named {double!r}; give each its own name")
        return self
