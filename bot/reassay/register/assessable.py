"""What mitigations and commitments share: an owner, people who assess, and a last assessment that clocks count from."""

from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.approval import Approval
from reassay.register.base import Day, Described, Id, Line, Positive, RoleName, Strict


class ExtraItem(Strict):
    """A checklist question of one's own, added to the standard ones."""

    id: Id
    """Its name within the checklist."""
    text: Line
    """The question."""
    role: RoleName | None = None
    """Who answers it; the assessor if left out."""
    evidence: bool = False
    """Whether the answer needs evidence."""


class Assessable(Described):
    """Something that re-assessments are about. Ids are unique among all of these, whatever their kind."""

    formerly: tuple[Id, ...] = ()
    """Ids it had before: their history is its own. Ids are never used for anything else again."""
    version: Positive = 1
    """Raising it makes the last assessment not current."""
    owner: RoleName
    """Who is responsible for it; the driver of its re-assessments."""
    assessor: RoleName | None = None
    """Who assesses it, if it is one role. Left out: the owner does, and the record says self-assessed."""
    assessors: Annotated[tuple[RoleName, ...], Field(min_length=1)] | None = None
    """Who assesses it, if they are several."""
    last_assessed: Day | None = None
    """The last assessment before this register existed: imported, not verified."""
    checklist: tuple[ExtraItem, ...] = ()
    """Questions added to the standard checklist."""
    approval: Approval = ()
    """Who has to agree, step by step."""

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
