"""The verdict on a criterion, as a decision records it, and its basis."""

from typing import Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from reassay.ledger.digests import Digest
from reassay.register.base import Strict

Basis = Literal["counted", "tested", "measured", "exercised", "judged", "attested"]
"""What a verdict rests on, strongest first. Entries of earlier versions say `measured` for what was counted."""
CriterionVerdictWord = Literal["met", "missed", "exceeded", "insufficient", "refused", "not-measured"]
"""`exceeded`: the numbers show that the bound does not hold; `insufficient`: they show neither; `refused`: they do not count."""


class CriterionResult(Strict):
    """Verdict on a criterion at the time of the decision."""

    name: str
    verdict: CriterionVerdictWord
    basis: Basis
    inputs: Digest | None = None
    """Digest of the object with everything that the verdict was computed from; None where a person's word decides, and in
    entries of earlier versions."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the field existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        if self.inputs is None:
            written.pop("inputs", None)
        return written
