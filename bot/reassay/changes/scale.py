"""Scales as people write them: `1k-10k` users, `600 requests/minute`. A text is understood wholly or not at all.

The grammar of a whole text: an optional "up to", a figure or a band of two, an optional unit from a short list, and for a rate
a period: `[up to] FIGURE[-FIGURE] [users] [(/|per|every) [COUNT] PERIOD]`. Thousands may be grouped by spaces, commas,
underscores or apostrophes. One more word, an open end (`1M+`) or a figure with two readings (`1.500`) is not understood.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

_SPACES: Final = " \u00a0\u2009\u202f"
_GROUPED: Final = r"\d{1,3}(?:(?P<%s>[ ,_'\u2019])\d{3})(?:(?P=%s)\d{3})*"
_NUMBER: Final = r"(?:%s|\d+)(?:\.\d{1,2}|\.\d{4,})?|\d+,\d{1,2}"
_UNIT: Final = r"\s*(?:k|m|bn|b|thousand|million|billion)\b"
_UNITS: Final = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9,
}  # fmt: skip
_NOUNS: Final = (
    "user",
    "account",
    "person",
    "people",
    "customer",
    "employee",
    "request",
    "call",
    "message",
    "prompt",
    "token",
)
_PERIODS: Final = {
    "s": (1, 1), "sec": (1, 1), "second": (1, 1), "min": (60, 60), "minute": (60, 60), "h": (3600, 3600), "hr": (3600, 3600),
    "hour": (3600, 3600), "d": (86_400, 86_400), "day": (86_400, 86_400), "week": (604_800, 604_800),
    "month": (28 * 86_400, 31 * 86_400), "year": (365 * 86_400, 366 * 86_400),
}  # fmt: skip
"""Unit -> its shortest and its longest length, in seconds."""


def _figure(name: str) -> str:
    return f"(?P<{name}>{_NUMBER % (_GROUPED % (f'{name}_mark', f'{name}_mark'))})(?P<{name}_unit>{_UNIT})?"


_SCALE: Final = re.compile(
    rf"(?:(?:up to|at most|less than|fewer than|under|below|<=?|\u2264)\s*)?"
    rf"{_figure('low')}(?:\s*(?:-|\u2013|to)\s*{_figure('high')})?"
    rf"(?:\s*(?P<noun>{'|'.join(_NOUNS)})s?)?"
    rf"(?:\s*(?:/|\b(?:per|an?|every)\b)\s*(?P<count>[1-9]\d{{0,5}})?\s*(?P<period>{'|'.join(_PERIODS)})s?)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A wholly understood text: the largest figure, what it counts, and for a rate its period."""

    figure: Fraction
    noun: str = ""
    count: int = 0
    """Number of periods; 0 without one."""
    period: str = ""
    """A key of the known periods; "" without one."""


def read_scale(text: str) -> Scale | None:
    """The scale in a text; None if any part of it is not understood."""
    match = _SCALE.fullmatch(re.sub(f"[{_SPACES}]", " ", text.strip()))
    if match is None:
        return None
    low, high = _value(match, "low"), _value(match, "high") if match["high"] else None
    if low is None or (match["high"] and high is None) or (high is not None and high < low):
        return None
    count = int(match["count"] or 1) if match["period"] else 0
    return Scale(high or low, (match["noun"] or "").lower(), count, (match["period"] or "").lower())


def _value(match: re.Match[str], name: str) -> Fraction | None:
    text, mark = match[name], match[f"{name}_mark"]
    text = text.replace(mark, "") if mark else text.replace(",", ".")
    unit = (match[f"{name}_unit"] or "").strip().lower()
    return Fraction(text) * _UNITS[unit] if len(text) <= _LONGEST else None


_LONGEST: Final = 40
"""Digits of a figure; longer ones are not figures that people write."""


def growth(before: Scale, after: Scale) -> Fraction | None:
    """How many times what was possible before is possible after, at worst; None if they cannot be compared.

    For a rate: within any of the periods before. `999 a minute` after `1000 a month` is 999 in each of 44,640 minutes.
    """
    if before.noun != after.noun or bool(before.period) != bool(after.period) or not before.figure:
        return None
    ratio = after.figure / before.figure
    if not before.period or (before.count, _PERIODS[before.period]) == (after.count, _PERIODS[after.period]):
        return ratio
    longest, shortest = before.count * _PERIODS[before.period][1], after.count * _PERIODS[after.period][0]
    return ratio * max(1, ceil(Fraction(longest, shortest)))


_AGE: Final = re.compile(
    r"(?:ages?\s+)?(?P<first>\d{1,2})(?:\s*\+|\s+(?:years?\s+)?(?:and|or)\s+(?:over|older|above|up))"
    r"|(?:at least|from|minimum age|minimum)\s+(?P<second>\d{1,2})(?:\s+years?(?:\s+old)?)?",
    re.IGNORECASE | re.ASCII,
)


def least_age(text: str) -> int | None:
    """The youngest age that a text admits: 18 for `18+` or `18 and over`; None if any part of it is not understood."""
    match = _AGE.fullmatch(text.strip())
    return int(match["first"] or match["second"]) if match else None
