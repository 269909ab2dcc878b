"""Kinds that a register may state and this version does not watch: said aloud, so that nothing reads current by them."""

from typing import TypeVar

from reassay.assessment.triggers.base import Blind, StatedTrigger, TriggerInput
from reassay.register.trigger_specs import (
    AnyTrigger,
    DataUnknownSpec,
    DriftSpec,
    IncidentRateSpec,
    ObservationStaleSpec,
)

SpecT = TypeVar("SpecT", bound=AnyTrigger)


def _unwatched(kind: str, spec: type[SpecT], what: str) -> StatedTrigger[SpecT]:
    def judge(stated: SpecT, _facts: TriggerInput) -> Blind:
        said = f" ({stated.in_words})" if stated.in_words else ""
        return Blind(kind, f"this version does not watch {what} yet{said}: ask for it by hand when it happens")

    return StatedTrigger(kind, spec, judge)


UNSUPPORTED: tuple[StatedTrigger[AnyTrigger], ...] = (
    _unwatched("incident-rate", IncidentRateSpec, "incident rates"),
    _unwatched("drift", DriftSpec, "product repositories"),
    _unwatched("observation-stale", ObservationStaleSpec, "product repositories"),
    _unwatched("data-unknown", DataUnknownSpec, "sources of signals"),
)
