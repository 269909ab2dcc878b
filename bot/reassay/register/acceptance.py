"""A risk acceptance: somebody asked to live with a risk for a while, and somebody else agreed."""

from typing import Annotated

from pydantic import Field, model_validator

from reassay.register.base import Day, Described, Id, RoleName, Text


class RiskAcceptance(Described):
    """Dated: it always ends, and when it does what it covered is re-assessed."""

    mitigations: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of the mitigations whose weakness is accepted."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it is accepted for; none means all that they serve."""
    requester: RoleName
    """Who asked for it."""
    approver: RoleName
    """Who agreed; somebody else."""
    rationale: Text
    """Why the risk can be borne for this time."""
    compensating: tuple[Text, ...] = ()
    """What holds the risk down meanwhile."""
    accepted_on: Day | None = None
    """When it was agreed."""
    expires_at: Day
    """The last day on which it holds."""

    @model_validator(mode="after")
    def _two_people_and_a_span(self) -> "RiskAcceptance":
        if self.requester.casefold() == self.approver.casefold():
            raise ValueError("'requester' and 'approver' are the same; name somebody else as approver")
        if self.accepted_on and self.accepted_on > self.expires_at:
            raise ValueError("'expires_at' is before 'accepted_on'; give a day that comes after it")
        return self
