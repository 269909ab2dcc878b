"""Exact ratios of a register: 4, or a fraction such as 1/3."""

import re
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Annotated, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from reassay.register.base import refusal
from reassay.register.finding import quoted

_FRACTION: Final = re.compile(r"([0-9]{1,9})(?:\s*/\s*([0-9]{1,9}))?")


def _to_ratio(value: object) -> Fraction:
    ratio = _parsed(value)
    if ratio is None or ratio <= 0:
        shown = f"{quoted(value)} is" if isinstance(value, str) else "this is"
        raise refusal(
            "not-a-ratio", f"{shown} not a ratio; write a number above 0 such as 4, or a fraction such as 1/3"
        )
    return ratio


def _parsed(value: object) -> Fraction | None:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fraction(Decimal(repr(value))) if isfinite(value) else None
    match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    # A whole one is dumped as text without a line.
    return Fraction(int(match[1]), int(match[2] or 1)) if match and int(match[2] or 1) else None


Ratio = Annotated[
    Fraction,
    PlainValidator(_to_ratio),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"type": "string", "pattern": "^[0-9]{1,9}( */ *[0-9]{1,9})?$"},
            ],
            "examples": [4, "1/3"],
        }
    ),
]
"""More than 0."""
