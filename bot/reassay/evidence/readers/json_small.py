"""JSON that is small enough to be parsed at once by the standard library, which is quicker than a stream of events."""

import json
import math
from typing import Any, Final

from reassay.evidence.readers.json_values import Json

_MOST_DIGITS: Final = 18
"""Digits of a whole number; a longer one may not fit 64 bits."""


def parsed(raw: bytes) -> Json:
    """A document; NaN and Infinity are read as null.

    Raises ValueError if it is none, has a key twice in an object, is too deep, or has a number or text beyond what other parsers
    read alike.
    """
    text = raw.decode("utf-8")
    if "\\ud" in text or "\\uD" in text:
        raise ValueError("half of a pair of code units may stand alone")
    try:
        value: Json = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("too deep") from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _null(_constant: str) -> None:
    """NaN and Infinity are not values that could be counted."""


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("too many digits")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("too large")
    return value


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_null, parse_int=_whole, parse_float=_fraction
)
