"""Answers that are JSON, taken apart without trusting any type in them."""

import json
import math
from typing import Final

from reassay.signals.source_readings import HttpAnswer, SourceUnreadError


def document_of(answer: HttpAnswer, name: str) -> object:
    """The document of an answer; NaN and Infinity, which JSON does not have, are null. `name` says what should have answered.

    Raises SourceUnreadError.
    """
    try:
        return _DECODER.decode(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        page = " but a web page, perhaps for signing in" if kind == "text/html" else ""
        raise SourceUnreadError(f"The answer of {name} is not JSON{page}. Check the address in the source.") from None


def object_of(value: object, name: str) -> dict[str, object]:
    """The value, which has to be an object. Raises SourceUnreadError."""
    if not isinstance(value, dict):
        raise SourceUnreadError(f"The answer of {name} is not a JSON object. Check the address in the source.")
    return value


def list_at(document: dict[str, object], key: str, name: str) -> list[object]:
    """The list below a key, which has to be there. Raises SourceUnreadError."""
    value = document.get(key)
    if not isinstance(value, list):
        raise SourceUnreadError(f"The answer of {name} has no list '{key}'. Check the address in the source.")
    return value


def _fraction(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("too large")
    return number


_DECODER: Final = json.JSONDecoder(parse_constant=lambda _: None, parse_float=_fraction)
