"""Names and instants that a file gives, made fit to be kept: bounded, on one line, valid Unicode. They stay untrusted."""

import hashlib
import re
from datetime import UTC, datetime

MOST_CHARACTERS = 300
"""Characters of a name, as in `reassay.evidence.reading.Name`."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def name_of(value: object) -> str | None:
    """A text or number as a name; None if it is empty or something else.

    A long one ends in part of its digest, so that two names that begin alike stay apart.
    """
    if value is None or not isinstance(value, str | int | float):
        return None
    text = value if isinstance(value, str) else written(value)
    line = _BREAKS.sub(" ", text).strip()
    if len(line) <= MOST_CHARACTERS:
        return line or None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{line[: MOST_CHARACTERS - len(digest) - 1].rstrip()}…{digest}"


def written(value: float | bool) -> str:  # noqa: FBT001 -- a value of JSON, not a switch
    """A number or truth value as JSON writes it: `1`, `0.5`, `true`."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def instant_of(value: object) -> datetime | None:
    """An ISO 8601 time with its zone, or seconds since 1970; None for anything else, also for a time without a zone."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
