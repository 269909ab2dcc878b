"""What the ledger records of a waiver: two people said that a ground for leaving a re-assessment out holds."""

from datetime import date
from typing import Literal

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, Strict


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
