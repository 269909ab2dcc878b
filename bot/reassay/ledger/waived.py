"""Ledger record of a waiver: two people stated that a condition for skipping a re-assessment is met."""

from datetime import date
from typing import Literal

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, Strict


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
