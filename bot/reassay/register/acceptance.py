"""Risk acceptances: a risk that one person asked to accept until a date, and another person approved."""

from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.base import Day, Described, Id, RoleName, Text


class RiskAcceptance(Described):
    """A risk acceptance. When it expires, what it covered is due for re-assessment."""

    mitigations: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of the mitigations whose weakness is accepted."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it is accepted for; none means all that they serve."""
    requester: RoleName
    """Who asked for it."""
    approver: RoleName
    """Who approved it; another person than the requester."""
    rationale: Text
    """Why the risk is acceptable for this time."""
    compensating: tuple[Text, ...] = ()
    """Compensating measures until then."""
    accepted_on: Day | None = None
    """When it was approved."""
    expires_at: Day
    """The last day on which it is valid."""

    @model_validator(mode="after")
    def _two_people_and_a_span(self) -> "RiskAcceptance":
        if self.requester.casefold() == self.approver.casefold():
            raise ValueError("'requester' and 'approver' are the same; name somebody else as approver")
        if self.accepted_on and self.accepted_on > self.expires_at:
            raise ValueError("'expires_at' is before 'accepted_on'; give a day that comes after it")
        return self
