"""Ledger records of the dashboard issue: its claim, its number, and that it was switched off."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Nonce
from reassay.register.base import Strict


class DashboardClaimed(Strict):
    """Claim of the one issue that shows who has to do what."""

    kind: Literal["dashboard-claimed"] = "dashboard-claimed"
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime


class DashboardIssue(Strict):
    """Number of the dashboard issue, recorded once it was tried to pin it."""

    kind: Literal["dashboard-issue"] = "dashboard-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]
    pinned: bool
    """Whether GitHub pinned it; false where GitHub refused. It is not tried again."""


class DashboardEnded(Strict):
    """The dashboard was switched off in the configuration. Switched on later, it gets another issue."""

    kind: Literal["dashboard-ended"] = "dashboard-ended"
    nonce: Nonce


DashboardBody = DashboardClaimed | DashboardIssue | DashboardEnded
