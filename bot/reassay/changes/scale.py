"""Scales as people write them: `1k-10k` users, `600 requests/minute`. Values that cannot be read are never equal."""

import re
from fractions import Fraction

_FIGURE = re.compile(
    r"(?P<number>\d+(?:[.,']\d+)*)\s*(?P<unit>k|m|bn|b|thousand|million|billion)?(?![a-z])", re.IGNORECASE
)
_UNITS = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9,
}  # fmt: skip
_PERIOD = re.compile(
    r"(?:/|\bper\b|\ban?\b|\bevery\b)\s*(?P<count>\d+)?\s*(?P<unit>s|sec|second|min|minute|m|h|hour|d|day|week|w)",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_GROUPS = re.compile(r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?")


def largest(text: str) -> Fraction | None:
    """The largest figure of a band: 10000 for `1k-10k`; None if there is none, or the end is open."""
    if "+" in text or "unlimited" in text.casefold() or ">" in text:
        return None
    figures = [figure for match in _FIGURE.finditer(text) if (figure := _figure(match)) is not None]
    return max(figures, default=None)


def per_hour(text: str) -> Fraction | None:
    """A rate per hour; a rate without a period is not converted."""
    period = _PERIOD.search(text)
    count = largest(text[: period.start()] if period else text)
    if count is None or period is None:
        return count
    seconds = int(period["count"] or 1) * _SECONDS[period["unit"][0].lower()]
    return count * 3600 / seconds if seconds else None


def _figure(match: re.Match[str]) -> Fraction | None:
    number = match["number"]
    number = number.replace(",", "").replace("'", "") if _GROUPS.fullmatch(number) else number.replace(",", ".")
    try:
        return Fraction(number) * _UNITS[(match["unit"] or "").lower()]
    except ValueError:
        return None
