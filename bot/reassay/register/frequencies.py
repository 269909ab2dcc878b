"""Frequencies of accepted incidents, as people write them: `6 per year`, `2 per million requests`."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from reassay.register.base import refusal
from reassay.register.finding import did_you_mean, quoted

DAYS_PER_YEAR: Final = Fraction(1461, 4)
_DAYS: Final = {
    "day": Fraction(1),
    "week": Fraction(7),
    "month": DAYS_PER_YEAR / 12,
    "quarter": DAYS_PER_YEAR / 4,
    "year": DAYS_PER_YEAR,
}
"""Mean lengths in days: a year has 365.25."""
_MULTIPLES: Final = {"": 1, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_NUMBER: Final = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_FORM: Final = re.compile(
    rf"({_NUMBER}) +per +(?:({_NUMBER}|an?) +)?(?:(hundred|thousand|million|billion) +)?([A-Za-z][A-Za-z -]{{0,40}})"
)
EXAMPLE: Final = "write for example '6 per year', '1 per 3 months' or '2 per million requests'"


@dataclass(frozen=True, slots=True)
class Frequency:
    """A number of incidents for each span of time, or for each amount of exposure."""

    number: Fraction
    per: Fraction
    """How many units."""
    unit: str
    """`day`, `week`, `month`, `quarter` or `year`; or what exposure is counted in, in small letters, for example `requests`."""

    def __str__(self) -> str:
        """The written form: `6 per year`, `2 per 1000000 requests`."""
        return f"{_decimal(self.number)} per {f'{_decimal(self.per)} ' if self.per != 1 else ''}{self._unit()}"

    def _unit(self) -> str:
        return f"{self.unit}s" if self.is_of_time and self.per != 1 else self.unit

    @property
    def is_of_time(self) -> bool:
        """Whether it counts by the calendar; by exposure otherwise."""
        return self.unit in _DAYS

    @property
    def guess(self) -> str:
        """`Did you mean 'year'?` for a unit of exposure that may be a misspelt time; empty otherwise."""
        return "" if self.is_of_time else did_you_mean(self.unit, _DAYS)

    @property
    def rate(self) -> float:
        """Incidents a day, or for one unit of exposure."""
        return float(self.number / (self.per * _DAYS.get(self.unit, 1)))

    @property
    def basis(self) -> str:
        """What it is per: `time`, or the unit of exposure. Only frequencies of one basis can be compared."""
        return "time" if self.is_of_time else self.unit.removesuffix("s")

    def words(self) -> str:
        """The form in sentences: `2 per million requests`."""
        for name, size in reversed(_MULTIPLES.items()):
            if name and not self.is_of_time and self.per >= size and (self.per / size).denominator == 1:
                times = self.per // size
                return f"{_decimal(self.number)} per {f'{times} ' if times != 1 else ''}{name} {self.unit}"
        return str(self)


def parse_frequency(text: str) -> Frequency:
    """The frequency that a text says. Raises ValueError with an example."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{quoted(text)} is not a number of incidents per time or exposure; {EXAMPLE}")
    number, count, multiple, unit = match.groups()
    per = Fraction(count) if count and count not in {"a", "an"} else Fraction(1)
    word = " ".join(unit.split()).casefold()
    time = word.removesuffix("s") if word.removesuffix("s") in _DAYS else None
    if time and multiple:
        raise ValueError(f"{quoted(text)} counts a {multiple} {word}; {EXAMPLE}")
    if not (per and Fraction(number)):
        raise ValueError(
            f"{quoted(text)} is zero; where any incident is too many, use 'kind: incident-severity' instead"
        )
    return Frequency(Fraction(number), per * _MULTIPLES[multiple or ""], time or word)


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.9f}".rstrip("0")


def _to_frequency(value: object) -> Frequency:
    if isinstance(value, Frequency):
        return value
    if not isinstance(value, str):
        raise refusal("not-a-frequency", f"a bare number says neither time nor exposure; {EXAMPLE}")
    try:
        return parse_frequency(value)
    except ValueError as error:
        raise refusal("not-a-frequency", str(error)) from error


StatedFrequency = Annotated[
    Frequency,
    PlainValidator(_to_frequency),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9.]+ +per +[A-Za-z0-9. -]+$",
            "description": "A number of incidents per time or per exposure.",
            "examples": ["6 per year", "1 per 3 months", "2 per million requests"],
        }
    ),
]
"""More than 0."""
