"""What the ledger records of risks and of its own mistakes: acceptances, containment, conditions, triage, corrections."""

from datetime import date
from typing import Literal

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, RoleName, Strict


class Accepted(Strict):
    """A risk is borne until a date; asked for by one person, agreed by another."""

    kind: Literal["accepted"] = "accepted"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    until: date
    """The last day on which it holds."""
    because: Digest
    asked: Asked
    confirmed_by: int


class Contained(Strict):
    """One person on call restricted or withdrew a deployment at once; it waits to be ratified."""

    kind: Literal["contained"] = "contained"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    action: Literal["restrict", "withdraw"]
    because: Digest
    role: RoleName
    ratify_by: date


class Ratified(Strict):
    """A second person agreed to a containment."""

    kind: Literal["ratified"] = "ratified"
    reassessment: str
    contained_seq: int
    role: RoleName


class Asserted(Strict):
    """A foreseen ground for doubt has come about."""

    kind: Literal["asserted"] = "asserted"
    reassessment: str | None = None
    """In whose issue it was said, if in one."""
    subject: Id
    condition: str
    """Digest of its text, `condition/1:...`: conditions have no ids."""
    because: Digest
    role: RoleName


class Triaged(Strict):
    """New information was judged."""

    kind: Literal["triaged"] = "triaged"
    information: Id
    reassessment: str | None = None
    material: bool
    because: Digest
    role: RoleName


class Corrected(Strict):
    """A record turned out to be wrong. It stays as it is, and is read together with this."""

    kind: Literal["corrected"] = "corrected"
    reassessment: str
    """The record that is corrected."""
    subject: Id
    how: Literal["erratum", "withdraw"]
    because: Digest
    asked: Asked
    confirmed_by: int
