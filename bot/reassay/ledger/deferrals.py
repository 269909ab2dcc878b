"""Ledger records of extensions, snoozes, holds, side exits and waivers. None of them moves a clock's anchor."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, RoleName, Strict


class Extended(Strict):
    """The due date was extended: requested by the owner, confirmed by an approver. Shown as extended, never as current."""

    kind: Literal["extended"] = "extended"
    reassessment: str
    until: date
    because: Digest
    interim: Digest | None = None
    """Interim measures."""
    asked: Asked
    confirmed_by: int


class Snoozed(Strict):
    """No reminders until a date; the state does not change."""

    kind: Literal["snoozed"] = "snoozed"
    reassessment: str
    until: date
    because: Digest


class WaitingOn(Strict):
    """The re-assessment waits for an outside party, who is named in reminders."""

    kind: Literal["waiting-on"] = "waiting-on"
    reassessment: str
    party: Digest
    until: date


class Held(Strict):
    """A veto: the re-assessment cannot be concluded until it is lifted."""

    kind: Literal["held"] = "held"
    reassessment: str
    role: RoleName
    because: Digest | None = None


class Released(Strict):
    """A veto was lifted."""

    kind: Literal["released"] = "released"
    reassessment: str
    role: RoleName


class Settled(Strict):
    """One trigger that a side exit settled, so that it does not fire again."""

    kind: str
    about: str
    reason: str


class SideExit(Strict):
    """Closed by two people without a decision: not material, or merged into another re-assessment."""

    kind: Literal["side-exit"] = "side-exit"
    reassessment: str
    subject: Id
    how: Literal["not-material", "merged-into"]
    into: str | None = None
    """The other re-assessment."""
    because: Digest
    settled: Annotated[tuple[Settled, ...], Field(min_length=1)]
    asked: Asked
    confirmed_by: int


class Waived(Strict):
    """A re-assessment was waived until a date, because a stated condition is met. Moves no clock's anchor."""

    kind: Literal["waived"] = "waived"
    reassessment: str
    """The re-assessment in whose issue it was requested."""
    subject: Id
    cells: tuple[str, ...]
    condition: Id
    """Id of the condition."""
    until: date
    """Last day of validity."""
    because: Digest
    asked: Asked
    confirmed_by: int
    """Account id of the second person."""
