"""Instants as people write them: with a time zone, or a date alone."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from reassay.register.base import refusal, within_years
from reassay.register.finding import quoted

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})")


def _to_instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, str):
        instant = _parsed(value)
        if instant is not None:
            within_years(instant.date())
            return instant
    shown = f"{quoted(value)} is not" if isinstance(value, str) else "this is not"
    raise refusal("not-an-instant", f"{shown} an instant; write 2026-06-01T14:30Z, or a date alone: 2026-06-01")


def _parsed(text: str) -> datetime | None:
    try:
        if _DAY.fullmatch(text):
            # A legal clock that starts on a day starts at its beginning: the earliest reading is the safe one.
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        return datetime.fromisoformat(text).astimezone(UTC) if _INSTANT.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


Instant = Annotated[
    datetime,
    BeforeValidator(_to_instant),
    WithJsonSchema(
        {
            "type": "string",
            "description": "An instant with its time zone (2026-06-01T14:30Z), or a date: its beginning in UTC.",
            "examples": ["2026-06-01T14:30Z", "2026-06-01"],
        }
    ),
]
"""UTC once read."""
