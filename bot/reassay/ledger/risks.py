"""Ledger records of risk acceptances, containment, asserted conditions, triage and corrections."""

from datetime import date
from typing import Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from reassay.ledger.digests import Asked, Digest
from reassay.register.base import Id, RoleName, Strict


class Accepted(Strict):
    """A risk was accepted until a date, requested by one person and confirmed by another."""

    kind: Literal["accepted"] = "accepted"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    until: date
    """Last day of validity."""
    because: Digest
    asked: Asked
    confirmed_by: int


class Contained(Strict):
    """A person on call restricted or withdrew a deployment, to be ratified by a second person."""

    kind: Literal["contained"] = "contained"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    action: Literal["restrict", "withdraw"]
    because: Digest
    role: RoleName
    ratify_by: date
    snapshot: Digest | None = None
    """Digest of the subject and its context then; None in entries of earlier versions."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the field existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        if self.snapshot is None:
            written.pop("snapshot", None)
        return written


class Ratified(Strict):
    """A second person ratified a containment."""

    kind: Literal["ratified"] = "ratified"
    reassessment: str
    contained_seq: int
    role: RoleName


class Asserted(Strict):
    """An invalidation condition of the subject was met."""

    kind: Literal["asserted"] = "asserted"
    reassessment: str | None = None
    """The re-assessment in whose issue it was asserted; None outside of one."""
    subject: Id
    condition: str
    """Digest of the condition's text, `condition/1:...`, because conditions have no ids."""
    because: Digest
    role: RoleName


class Triaged(Strict):
    """New information was triaged."""

    kind: Literal["triaged"] = "triaged"
    information: Id
    reassessment: str | None = None
    material: bool
    because: Digest
    role: RoleName


class Corrected(Strict):
    """A record was corrected. It does not change, and is read together with its correction."""

    kind: Literal["corrected"] = "corrected"
    reassessment: str
    """Id of the corrected record."""
    subject: Id
    how: Literal["erratum", "withdraw"]
    because: Digest
    asked: Asked
    confirmed_by: int
