"""Kinds that a register may state and this version does not watch: said aloud, so that nothing reads current by them."""

from collections.abc import Mapping
from typing import Final

from reassay.assessment.triggers.base import Blind
from reassay.register.trigger_specs import TriggerSpec

UNWATCHED: Final[Mapping[str, str]] = {
    "incident-rate": "incident rates",
    "drift": "product repositories",
    "observation-stale": "product repositories",
    "data-unknown": "sources of signals",
}


def unwatched(kind: str, spec: TriggerSpec) -> Blind:
    """What such a trigger answers."""
    said = f" ({spec.in_words})" if spec.in_words else ""
    return Blind(kind, f"this version does not watch {UNWATCHED[kind]} yet{said}: ask for it by hand when it happens")
