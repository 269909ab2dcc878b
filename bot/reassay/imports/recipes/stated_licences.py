"""Licences stated in words: a recognised one says whether the texts may be copied, else a person decides."""

import re
from dataclasses import dataclass
from typing import Final

from reassay.imports.recipes.base import APACHE, CC_BY, CC_BY_SA

_FORBIDS: Final = (
    (re.compile(r"\bBY[- ]?(?:NC[- ]?)?ND\b|NoDeriv|no derivative", re.IGNORECASE), "it allows no adaptations"),
    (re.compile(r"\bBY[- ]?NC\b|Non-?Commercial", re.IGNORECASE), "it allows no commercial use"),
    (re.compile(r"\bpurchase\b", re.IGNORECASE), "the text is sold"),
)
_PERMITS: Final = (
    (re.compile(r"\bCC0\b|public domain|domaine public", re.IGNORECASE), "public domain", ""),
    (re.compile(r"\bBY[- ]SA\b|Attribution-?\s*ShareAlike", re.IGNORECASE), "CC BY-SA", CC_BY_SA),
    (re.compile(r"\bCC[- ]BY\b|Creative Commons (?:Attribution|BY)|licenses/by/", re.IGNORECASE), "CC BY", CC_BY),
    (re.compile(r"Apache License", re.IGNORECASE), "Apache-2.0", APACHE),
    (re.compile(r"Licence ouverte|Open Licen[cs]e|[EÉ]talab", re.IGNORECASE), "Licence ouverte (Etalab)", CC_BY),
    (
        re.compile(r"Open Government Licen[cs]e|open-government-licen[cs]e", re.IGNORECASE),
        "Open Government Licence",
        CC_BY,
    ),
    (re.compile(r"NIST sites are considered public information", re.IGNORECASE), "public information of NIST", ""),
)
_RESERVED: Final = re.compile(r"all rights reserved|tous droits réservés", re.IGNORECASE)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class StatedLicence:
    """The licence that a statement names."""

    name: str
    asks: str = ""
    not_permitted: str = ""
    """Why the texts may not be imported without a person's decision; "" if they may."""


def judged(statement: str) -> StatedLicence:
    """The licence in a copyright statement. What forbids goes before what permits; an unclear one is not permitted."""
    shown = statement if len(statement) <= _LONGEST else f"{statement[: _LONGEST - 1]}…"
    if not statement:
        return StatedLicence("not stated", not_permitted="the library states no copyright")
    for pattern, why in _FORBIDS:
        if pattern.search(statement):
            return StatedLicence(shown, not_permitted=why)
    for pattern, name, asks in _PERMITS:
        if pattern.search(statement):
            return StatedLicence(name if shown == name else f"{name} ({shown})", asks)
    reserved = _RESERVED.search(statement)
    return StatedLicence(
        shown, not_permitted="it reserves all rights" if reserved else "it names no licence that is recognised"
    )
