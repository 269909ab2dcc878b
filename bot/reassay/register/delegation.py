"""A delegation: somebody stands in for somebody in one role, for a while."""

from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.base import Day, Described, RoleName


class Delegation(Described):
    """Never transitive, and never past an exclusion: who could not act oneself cannot act for somebody."""

    role: RoleName
    """The role that is lent."""
    from_: Annotated[RoleName, Field(alias="from")]
    """Account that lends it."""
    to: RoleName
    """Account that has it meanwhile."""
    start: Day
    """First day."""
    end: Day
    """Last day."""

    @model_validator(mode="after")
    def _somebody_else_for_a_while(self) -> "Delegation":
        if self.from_.casefold() == self.to.casefold():
            raise ValueError("'from' and 'to' are the same account; delegate to somebody else")
        if self.end < self.start:
            raise ValueError("'end' is before 'start'; give the last day of the delegation")
        return self
