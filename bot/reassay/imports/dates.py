"""Dates as spreadsheets write them. The order of day and month is decided for a whole column, never for one cell."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from reassay.imports.accents import without_accents
from reassay.imports.spreadsheet import CellValue

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""Dates outside this range are taken for typing errors."""
_MONTHS: Final = (
    ("jan", "january", "januar", "janner", "janvier", "janv", "enero", "ene"),
    ("feb", "february", "februar", "fevrier", "fevr", "febrero"),
    ("mar", "march", "marz", "maerz", "mrz", "mars", "marzo"),
    ("apr", "april", "avril", "avr", "abril", "abr"),
    ("may", "mai", "mayo"),
    ("jun", "june", "juni", "juin", "junio"),
    ("jul", "july", "juli", "juillet", "juil", "julio"),
    ("aug", "august", "aout", "agosto", "ago"),
    ("sep", "sept", "september", "septembre", "septiembre", "setiembre"),
    ("oct", "october", "oktober", "okt", "octobre", "octubre"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "dezember", "dez", "decembre", "diciembre", "dic"),
)
"""Names of the months in English, German, French and Spanish, without accents."""
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([ap]m)?\s*(z|utc|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er)?[\s./-]*(?:of |de )?([^\W\d_]{3,10})\.?[\s,./-]*(?:del? )?(\d{4}|\d{2})",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,?\s+", re.IGNORECASE)
_SERIAL = re.compile(r"([2-8]\d{4})([.,]\d+)?")
_FIRST_SERIAL_DAY: Final = date(1899, 12, 30)
_NO_DAY = re.compile(
    r"[^\W\d_]{3,10}\.?[\s,-]+(?:de )?\d{4}|\d{4}|\d{4}[-/]\d{1,2}|\d{1,2}/\d{4}|(q[1-4]|h[12])[\s/-]*\d{4}|"
    r"\d{4}[\s/-]*(q[1-4]|h[12])",
    re.IGNORECASE,
)
_TWO_DIGITS_TURN: Final = 69
"""26 means 2026, 99 means 1999."""
_YEAR_DIGITS: Final = 2
_LAST_MONTH: Final = 12
_REMEDY: Final = "Write it as YYYY-MM-DD."


class DateOrder(StrEnum):
    """Order of day and month in a column (06/05/2026)."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """The order of day and month that a column shows."""

    order: DateOrder | None
    """None if no cell shows the order."""
    evidence: str = ""
    """A cell that is possible in only one order."""
    open_cells: tuple[str, ...] = ()
    """Ambiguous cells, if no cell shows the order."""


def order_of(texts: Sequence[str], stated: DateOrder | None = None) -> ColumnOrder:
    """The order that cells such as 13/06/2026 show; None for a column that shows both orders."""
    if stated is not None:
        return ColumnOrder(stated)
    shown: dict[DateOrder, str] = {}
    for text, first, second in _slashed(texts):
        if first > _LAST_MONTH >= second:
            shown.setdefault(DateOrder.DAY_FIRST, text)
        elif second > _LAST_MONTH >= first:
            shown.setdefault(DateOrder.MONTH_FIRST, text)
    if len(shown) == 1:
        order, text = next(iter(shown.items()))
        return ColumnOrder(order, text)
    # 05/05/2026 is the same day either way.
    undecided = [
        text for text, first, second in _slashed(texts) if first != second and max(first, second) <= _LAST_MONTH
    ]
    return ColumnOrder(None, open_cells=tuple(undecided))


def _slashed(texts: Iterable[str]) -> Iterable[tuple[str, int, int]]:
    for text in texts:
        if match := _SLASHED.fullmatch(_bare(text)):
            yield text.strip(), int(match[1]), int(match[3])


def is_serial(text: str) -> bool:
    """Whether a text is an Excel serial date, which counts days from 30 December 1899."""
    return _SERIAL.fullmatch(_bare(text)) is not None


def read_date(text: str, order: DateOrder | None) -> CellValue[date]:
    """The date in a cell. A text without a day (`May 2026`) gives no date."""
    bare = _bare(text)
    if match := _SERIAL.fullmatch(bare):
        return CellValue(_FIRST_SERIAL_DAY + timedelta(days=int(match[1])))
    try:
        day = _in_known_form(bare, order)
    except ValueError:
        how = f", read {order}" if order and _SLASHED.fullmatch(bare) else ""
        return CellValue(None, f"this date does not exist{how}", _REMEDY)
    if day is not None:
        plausible = _plausible(day)
        return CellValue(plausible) if plausible else CellValue(None, f"the year {day.year} is out of range", _REMEDY)
    if _NO_DAY.fullmatch(bare):
        return CellValue(None, "the day is missing", "Write the full date, as YYYY-MM-DD.")
    return CellValue(None, "not a recognised date", _REMEDY)


def _bare(text: str) -> str:
    return _WEEKDAY.sub("", _TIME.sub("", " ".join(text.split()))).strip()


def _in_known_form(text: str, order: DateOrder | None) -> date | None:
    """The date in one of the known forms; None for another form. Raises ValueError for a date that does not exist."""
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _DOTTED.fullmatch(text):
        return date(_year(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(text):
        return _by_order(int(match[1]), int(match[3]), _year(match[4]), order)
    if (match := _DAY_MONTH.fullmatch(text)) and (month := _month(match[2])):
        return date(_year(match[3]), month, int(match[1]))
    if (match := _MONTH_DAY.fullmatch(text)) and (month := _month(match[1])):
        return date(int(match[3]), month, int(match[2]))
    return None


def _by_order(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None:
        # Ambiguous columns were refused, so only one order is possible, or both give the same date.
        day, month = (second, first) if second > _LAST_MONTH else (first, second)
        return date(year, month, day)
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return date(year, month, day)


def _month(word: str) -> int | None:
    name = without_accents(word)
    return next((number for number, names in enumerate(_MONTHS, start=1) if name in names), None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > _YEAR_DIGITS:
        return year
    return year + (1900 if year >= _TWO_DIGITS_TURN else 2000)


def _plausible(day: date) -> date | None:
    return day if EARLIEST <= day <= LATEST else None
