"""Plain scalars by the core schema of YAML 1.2: `on`, `yes`, `2026-06-01` and `1:30` are text."""

import math
import re
from decimal import Decimal
from typing import Final

Scalar = str | int | float | bool | None

MAX_DIGITS: Final = 18
"""Most digits of a whole number."""
_CONSTANTS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS: Final = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
TAG_PREFIX: Final = "tag:yaml.org,2002:"


def resolve(text: str) -> Scalar:
    """The value of an untagged plain scalar. Raises ValueError for a number that is too large or cannot be kept exactly."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _DECIMAL.fullmatch(text):
        return _whole(text, 10)
    if _OCTAL.fullmatch(text):
        return _whole(text[2:], 8)
    if _HEX.fullmatch(text):
        return _whole(text[2:], 16)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("a number must be finite")
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError("this number is too large")
        if Decimal(text) != Decimal(repr(value)):
            # Digests cover the number as written, so it must not be rounded.
            raise ValueError("this number has more digits than can be kept exactly")
        return value
    return text


def _whole(digits: str, base: int) -> int:
    if len(digits.lstrip("+-")) > MAX_DIGITS:
        raise ValueError("this number has too many digits")
    return int(digits, base)


def resolve_tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with one of the core tags.

    Raises KeyError for any other tag, ValueError for a text that is not such a value.
    """
    name = tag.removeprefix(TAG_PREFIX)
    if tag == "!" or name == "str":
        return text
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}[name]
    value = resolve(text)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise ValueError(f"this is not a valid {name}")
    return value
