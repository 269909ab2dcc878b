"""What the ledger records of time and side exits: nothing here moves a clock's anchor, and nothing reads as effective."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, RoleName, Strict


class Extended(Strict):
    """Due later: the owner asked, an approver agreed. Shown as extended, never as current."""

    kind: Literal["extended"] = "extended"
    reassessment: str
    until: date
    because: Digest
    interim: Digest | None = None
    """What holds the risk down meanwhile."""
    asked: Asked
    confirmed_by: int


class Snoozed(Strict):
    """No reminders until a date; the state stays what it is."""

    kind: Literal["snoozed"] = "snoozed"
    reassessment: str
    until: date
    because: Digest


class WaitingOn(Strict):
    """Somebody outside has to do something first: shown, and named in reminders."""

    kind: Literal["waiting-on"] = "waiting-on"
    reassessment: str
    party: Digest
    until: date


class Held(Strict):
    """A veto: nothing is concluded until it is lifted."""

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
    """One thing that set a re-assessment off, by what makes it itself: the same thing does not set it off again."""

    kind: str
    about: str
    reason: str


class SideExit(Strict):
    """Closed without a decision: not material, or handled in another re-assessment. Two people said so."""

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
    """Not due by its interval until a date, because a stated ground holds. Moves no anchor."""

    kind: Literal["waived"] = "waived"
    reassessment: str
    """In whose issue it was asked for."""
    subject: Id
    cells: tuple[str, ...]
    condition: Id
    """Id of the ground."""
    until: date
    """The last day on which it holds."""
    because: Digest
    asked: Asked
    confirmed_by: int
    """Account id of the second person."""
