"""Plain scalars by the core schema of YAML 1.2: `on`, `yes`, `2026-06-01` and `1:30` are text."""

import math
import re
from decimal import Decimal
from typing import Final

Scalar = str | int | float | bool | None

MAX_DIGITS: Final = 18
"""Longer numbers are refused: nothing in a register counts that far."""
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
    """The value of an untagged plain scalar. Raises ValueError for a number that no register can hold."""
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
        raise ValueError("infinity and 'not a number' have no place in a register")
    if _FLOAT.fullmatch(text):
        found = float(text)
        if not math.isfinite(found):
            raise ValueError("this number is too large")
        if Decimal(text) != Decimal(repr(found)):
            # What is signed is the number as written; one that would be rounded on the way is refused.
            raise ValueError("this number has more digits than can be kept exactly")
        return found
    return text


def _whole(digits: str, base: int) -> int:
    if len(digits.lstrip("+-")) > MAX_DIGITS:
        raise ValueError("this number has too many digits")
    return int(digits, base)


def resolve_tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with one of the core tags.

    Raises KeyError for any other tag, ValueError for a text that is no such value.
    """
    name = tag.removeprefix(TAG_PREFIX)
    if tag == "!" or name == "str":
        return text
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}[name]
    found = resolve(text)
    if wanted is float and isinstance(found, int) and not isinstance(found, bool):
        return float(found)
    if type(found) is not wanted:
        raise ValueError(f"this is no {name}")
    return found
