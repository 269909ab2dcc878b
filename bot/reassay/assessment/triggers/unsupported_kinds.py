"""Trigger kinds that a register may state and this version cannot evaluate; they are blind, so no cell reads current."""

from typing import TypeVar

from reassay.assessment.triggers.base import NOTHING, Blind, StatedTrigger, TriggerInput
from reassay.register.trigger_specs import (
    AnyTrigger,
    DataUnknownSpec,
    DriftSpec,
    IncidentRateSpec,
    ObservationStaleSpec,
)

SpecT = TypeVar("SpecT", bound=AnyTrigger)


def _unsupported(kind: str, spec: type[SpecT], source: str) -> StatedTrigger[SpecT]:
    def judge(stated: SpecT, _facts: TriggerInput) -> Blind:
        note = f" ({stated.in_words})" if stated.in_words else ""
        return Blind(kind, f"this version does not watch {source} yet{note}: ask for it by hand when it happens")

    return StatedTrigger(kind, spec, judge, NOTHING)


UNSUPPORTED: tuple[StatedTrigger[AnyTrigger], ...] = (
    _unsupported("incident-rate", IncidentRateSpec, "incident rates"),
    _unsupported("drift", DriftSpec, "product repositories"),
    _unsupported("observation-stale", ObservationStaleSpec, "product repositories"),
    _unsupported("data-unknown", DataUnknownSpec, "sources of signals"),
)
