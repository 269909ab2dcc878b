"""The start of a run whose tool writes no time zone."""

from datetime import UTC, datetime

from reassay.evidence.readers.json_values import Json
from reassay.evidence.readers.names import instant_of


def start_without_zone(value: Json) -> tuple[datetime | None, tuple[str, ...]]:
    """The start, and a note if the tool did not say in which zone: it is then read as UTC."""
    start = instant_of(value)
    if start is not None or not isinstance(value, str):
        return start, ()
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        return None, ()
    return local.replace(tzinfo=UTC), (
        "the file gives the start of the run without a time zone; it is read as UTC and may be up to 14 hours off",
    )
