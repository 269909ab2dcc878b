"""Likely meaning of dates and intervals that are not in the form of a register, for remedies and mechanical fixes."""

import re
from datetime import date
from typing import Final

_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_SHORT: Final = re.compile(r"([1-9]\d{0,3})\s*(d|w|m|mo|mos|mths?|y|yrs?)\.?", re.IGNORECASE)
_UNITS: Final = {"d": "day", "w": "week", "m": "month", "y": "year"}
_RANGE: Final = re.compile(
    r"(?:every |between )?(\d{1,3})\s*(?:-|\u2013|to|and|or)\s*(\d{1,3})\s*(day|week|month|year)s?", re.IGNORECASE
)


def dates_meant(text: str) -> tuple[date, ...]:
    """The dates that a text of numbers can mean: one where the order of day and month is certain, else two; none if neither.

    A year comes first or last, in four digits; after a year that comes first the month is certain.
    """
    if first := _YEAR_FIRST.fullmatch(text):
        orders = [(first[1], first[3], first[4])]
    elif last := _YEAR_LAST.fullmatch(text):
        orders = [(last[4], last[3], last[1]), (last[4], last[1], last[3])]
    else:
        return ()
    days = (_day(*order) for order in orders)
    return tuple(dict.fromkeys(day for day in days if day is not None))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def interval_meant(text: str) -> str | None:
    """The interval of a number with the letter of a unit: `6 months` for `6m`, `180 days` for `180d`; None for any other text."""
    match = _SHORT.fullmatch(text.strip())
    if match is None:
        return None
    count, unit = int(match[1]), _UNITS[match[2][0].lower()]
    return f"{count} {unit}{'s' if count != 1 else ''}"


def range_meant(text: str) -> tuple[str, str] | None:
    """The shorter and the longer end of a range: `4 to 6 months` is (`4 months`, `6 months`); None for any other text."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or int(match[1]) >= int(match[2]) or int(match[1]) == 0:
        return None
    unit = match[3].lower()
    return f"{match[1]} {unit}{'s' if match[1] != '1' else ''}", f"{match[2]} {unit}s"
