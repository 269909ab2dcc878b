"""Dates as spreadsheets write them. What has two readings is never guessed cell by cell: the whole column decides."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from reassay.imports.table import Cell

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""Other years are slips of the pen."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([ap]m)?\s*(z|utc|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s./-]*(?:of )?([a-z]{3,9})\.?[\s,./-]*(\d{4}|\d{2})", re.IGNORECASE
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,?\s+", re.IGNORECASE)
_SERIAL = re.compile(r"([2-8]\d{4})([.,]\d+)?")
_FIRST_SERIAL_DAY: Final = date(1899, 12, 30)
_NO_DAY = re.compile(
    r"[a-z]{3,9}\.?[\s,-]+\d{4}|\d{4}|\d{4}[-/]\d{1,2}|\d{1,2}/\d{4}|(q[1-4]|h[12])[\s/-]*\d{4}|\d{4}[\s/-]*(q[1-4]|h[12])",
    re.IGNORECASE,
)
_TWO_DIGITS_TURN: Final = 69
"""26 means 2026, 99 means 1999."""
_YEAR_DIGITS: Final = 2
_LAST_MONTH: Final = 12
_REMEDY: Final = "Write it as YYYY-MM-DD."


class DateOrder(StrEnum):
    """How 06/05/2026 is meant in a column."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class OrderFound:
    """What a column says about its order of day and month."""

    order: DateOrder | None
    """None: nothing in it decides."""
    evidence: str = ""
    """A cell that can be read in only one way."""
    open_cells: tuple[str, ...] = ()
    """Cells with two readings, where nothing decides."""


def order_of(texts: Sequence[str], said: DateOrder | None = None) -> OrderFound:
    """Decides from cells such as 13/06/2026; a column that shows both orders decides nothing."""
    if said is not None:
        return OrderFound(said)
    shown: dict[DateOrder, str] = {}
    for text, first, second in _slashed(texts):
        if first > _LAST_MONTH >= second:
            shown.setdefault(DateOrder.DAY_FIRST, text)
        elif second > _LAST_MONTH >= first:
            shown.setdefault(DateOrder.MONTH_FIRST, text)
    if len(shown) == 1:
        order, text = next(iter(shown.items()))
        return OrderFound(order, text)
    # 05/05/2026 is the same day either way.
    undecided = [
        text for text, first, second in _slashed(texts) if first != second and max(first, second) <= _LAST_MONTH
    ]
    return OrderFound(None, open_cells=tuple(undecided))


def _slashed(texts: Iterable[str]) -> Iterable[tuple[str, int, int]]:
    for text in texts:
        if found := _SLASHED.fullmatch(_bare(text)):
            yield text.strip(), int(found[1]), int(found[3])


def is_serial(text: str) -> bool:
    """Whether it is one of Excel's day numbers, counted from 30 December 1899."""
    return _SERIAL.fullmatch(_bare(text)) is not None


def read_date(text: str, order: DateOrder | None) -> Cell[date]:
    """One cell. What names no day is not made into one."""
    bare = _bare(text)
    if found := _SERIAL.fullmatch(bare):
        return Cell(_FIRST_SERIAL_DAY + timedelta(days=int(found[1])))
    try:
        known = _known(bare, order)
    except ValueError:
        how = f", read {order}" if order and _SLASHED.fullmatch(bare) else ""
        return Cell(None, f"there is no such day in the calendar{how}", _REMEDY)
    if known is not None:
        plausible = _plausible(known)
        return Cell(plausible) if plausible else Cell(None, f"the year {known.year} cannot be meant", _REMEDY)
    if _NO_DAY.fullmatch(bare):
        return Cell(None, "it names no day", "Write the day, as YYYY-MM-DD, if it is known.")
    return Cell(None, "it is no date", _REMEDY)


def _bare(text: str) -> str:
    return _WEEKDAY.sub("", _TIME.sub("", " ".join(text.split()))).strip()


def _known(text: str, order: DateOrder | None) -> date | None:
    """None if it has another form. Raises ValueError for days that are not in the calendar."""
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _DOTTED.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(text):
        return _by_order(int(found[1]), int(found[3]), _year(found[4]), order)
    if (found := _DAY_MONTH.fullmatch(text)) and (month := _month(found[2])):
        return date(_year(found[3]), month, int(found[1]))
    if (found := _MONTH_DAY.fullmatch(text)) and (month := _month(found[1])):
        return date(int(found[3]), month, int(found[2]))
    return None


def _by_order(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None:
        # Only one reading exists, or both are the same; the column was refused otherwise.
        day, month = (second, first) if second > _LAST_MONTH else (first, second)
        return date(year, month, day)
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return date(year, month, day)


def _month(word: str) -> int | None:
    name = word.casefold()
    if name == "sept":
        name = "sep"
    known = _MONTHS if name in _MONTHS else _LONG
    return known.index(name) + 1 if name in known else None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > _YEAR_DIGITS:
        return year
    return year + (1900 if year >= _TWO_DIGITS_TURN else 2000)


def _plausible(day: date) -> date | None:
    return day if EARLIEST <= day <= LATEST else None
