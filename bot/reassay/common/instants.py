"""Instants and dates as typed by a person."""

from datetime import UTC, date, datetime
from typing import Final

from reassay.common.calendar import end_of_day, zone
from reassay.common.clock import SystemClock
from reassay.common.errors import UsageError

FIRST_YEAR: Final = 1970
"""Earlier years are refused: no register and no record is from before, and numbers of records have a year of four digits."""
LAST_YEAR: Final = 9000
"""Later years are refused: what follows from a date has to be a date as well, and the calendar of programs ends in 9999."""


def instant_or_now(at: str | None, timezone: str) -> datetime:
    """The instant of `--at`, or the current time if `at` is None. Raises UsageError."""
    return read_instant(at, timezone) if at else SystemClock().now()


def read_instant(text: str, timezone: str) -> datetime:
    """The instant of a text; a date alone is the end of that day in `timezone`. Raises UsageError."""
    try:
        instant = datetime.fromisoformat(text)
        if len(text) == len("2026-12-01"):
            instant = end_of_day(instant.date(), timezone)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=zone(timezone))
        if not FIRST_YEAR <= instant.astimezone(UTC).year <= LAST_YEAR:
            raise OverflowError  # noqa: TRY301 -- as a date that is none
    except (ValueError, OverflowError) as error:
        message = f"'{text}' is not a valid date."
        raise UsageError(message, where="--at", remedy="Write 2026-12-01 or 2026-12-01T09:00.") from error
    return instant


def read_day(text: str, where: str) -> date:
    """The date of a text. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"'{text}' is not a valid date.", where=where, remedy="Write for example 2027-06-30."
        ) from error
