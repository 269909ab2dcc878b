"""Fields that mitigations and commitments share: owner, assessors, and the last assessment from which clocks count."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.approval import Approval
from reassay.register.base import Day, Described, Id, Line, Positive, RoleName, Strict

AnswerForm = Literal["yes-no", "words"]
"""The form of an answer to a question."""


class ExtraItem(Strict):
    """A checklist question of a subject, added to the standard ones."""

    id: Id
    """Its name within the checklist."""
    text: Line
    """The question."""
    role: RoleName | None = None
    """Who answers it; the assessor if left out."""
    evidence: bool = False
    """Whether the answer needs evidence."""
    answer: AnswerForm = "yes-no"
    """`words` for an open question, such as "What changed?"; `yes-no` for one that is answered yes, no, n/a or not-tested."""


class Assessable(Described):
    """A subject of re-assessments. Ids are unique among all subjects, whatever their kind."""

    formerly: tuple[Id, ...] = ()
    """Former ids, whose history it keeps. Ids are never reused."""
    version: Positive = 1
    """Raise it to require a new assessment."""
    owner: RoleName
    """Who is responsible for it and drives its re-assessments."""
    assessor: RoleName | None = None
    """The role that assesses it, if it is one. If left out the owner does, and the record says self-assessed."""
    assessors: Annotated[tuple[RoleName, ...], Field(min_length=1)] | None = None
    """The roles that assess it, if they are several."""
    last_assessed: Day | None = None
    """Day of the last assessment before this register existed: imported, not verified."""
    checklist: tuple[ExtraItem, ...] = ()
    """Questions added to the standard checklist."""
    approval: Approval = ()
    """The approval steps of its decisions."""

    @model_validator(mode="after")
    def _one_way_to_say_who(self) -> "Assessable":
        if self.assessor and self.assessors:
            raise ValueError("both 'assessor' and 'assessors' are given; keep one of them")
        return self

    @property
    def assessor_names(self) -> tuple[str, ...]:
        """Roles that assess it, without duplicates; empty means self-assessed."""
        named = self.assessors or ((self.assessor,) if self.assessor else ())
        return tuple(dict.fromkeys(named))
