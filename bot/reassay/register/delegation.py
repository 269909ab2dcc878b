"""Delegations: one account acts for another in one role, for a limited time."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from reassay.register.base import Day, Described, RoleName
from reassay.register.pins import LOGIN_PATTERN, LONGEST_PIN, bare

AccountName = Annotated[str, StringConstraints(pattern=LOGIN_PATTERN, max_length=100 + LONGEST_PIN)]
"""`login` or `login#id`, without the @."""


class Delegation(Described):
    """A delegation of a role. It is not transitive, and exclusions of the delegate still apply."""

    role: RoleName
    """The role that is delegated."""
    from_: Annotated[AccountName, Field(alias="from")]
    """Account that delegates it; `login` or `login#id`."""
    to: AccountName
    """Account that acts in it meanwhile; `login` or `login#id`."""
    start: Day
    """First day."""
    end: Day
    """Last day."""

    @model_validator(mode="after")
    def _somebody_else_for_a_while(self) -> "Delegation":
        if bare(self.from_).casefold() == bare(self.to).casefold():
            raise ValueError("'from' and 'to' are the same account; delegate to somebody else")
        if self.end < self.start:
            raise ValueError("'end' is before 'start'; give the last day of the delegation")
        return self
