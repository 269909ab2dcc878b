"""Intervals as people write them: Quarterly, 6M, every two years, twice a year. What gives no figure gets none."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from reassay.common.calendar import Duration, parse_duration
from reassay.imports.table import Cell
from reassay.register.finding import quoted

UNSPECIFIED: Final = "unspecified"
_NUMBERS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_MORE: Final = {"eighteen": 18, "twenty-four": 24, "twenty four": 24, "thirty-six": 36, "a": 1, "an": 1}
_COUNT: Final = rf"(?:\d{{1,4}}|{'|'.join((*_MORE, *_NUMBERS))})"
_UNITS: Final = {
    "day": ("d", "day", "days", "daily"),
    "week": ("w", "wk", "wks", "week", "weeks", "weekly"),
    "month": ("m", "mo", "mos", "mth", "mths", "month", "months", "monthly"),
    "quarter": ("q", "qtr", "qtrs", "quarter", "quarters", "quarterly"),
    "year": ("y", "yr", "yrs", "year", "years", "yearly", "annum"),
}
_ADVERBS: Final = {
    "daily": "1 day", "weekly": "1 week", "fortnightly": "2 weeks", "every fortnight": "2 weeks", "monthly": "1 month",
    "quarterly": "3 months", "half-yearly": "6 months", "half yearly": "6 months", "every half year": "6 months",
    "semi-annual": "6 months", "semi-annually": "6 months", "semiannual": "6 months", "semiannually": "6 months",
    "semi annual": "6 months", "semi annually": "6 months", "annual": "1 year", "annually": "1 year", "yearly": "1 year",
    "per annum": "1 year", "pa": "1 year", "p.a": "1 year", "biennial": "2 years", "biennially": "2 years",
    "triennial": "3 years", "triennially": "3 years", "twice yearly": "6 months", "twice annually": "6 months",
    "half-annually": "6 months",
}  # fmt: skip
_TWO_MEANINGS: Final = {
    "annual": ("twice a year", "every two years", "every 6 months", "every 2 years"),
    "year": ("twice a year", "every two years", "every 6 months", "every 2 years"),
    "month": ("twice a month", "every two months", "every 2 weeks", "every 2 months"),
    "week": ("twice a week", "every two weeks", "every 3 days", "every 2 weeks"),
}
_BI = re.compile(r"bi[- ]?(annual|year|month|week)(?:ly)?")
_VAGUE = re.compile(
    r"periodic(al)?(ly)?( review)?|at (regular|planned|defined|appropriate) intervals|regular(ly)?|routine(ly)?|on ?going|"
    r"continuous(ly)?|continual(ly)?|(as|when|where|if) (needed|required|necessary|appropriate|applicable)|ad[- ]?hoc|"
    r"on (demand|request)|from time to time|frequent(ly)?|occasional(ly)?|in due course|various|varies|variable|"
    r"real[- ]?time|tb[acd]|to be (agreed|confirmed|decided|defined|determined)|unknown|undefined|not (yet )?(defined|set|"
    r"specified|agreed)|\?+|event[- ]driven|risk[- ]based"
)
_LEAD = re.compile(
    r"^(?:(?:at least|minimum|min\.?|at a minimum|approx(?:\.|imately)?|about|around|reviewed|tested|assessed|once) +)+"
)
_PIECES = re.compile(r"\s*(?:[;,/+()\n&|]|\bor\b|\band\b|\bplus\b|\bthen\b| - | \u2013 )\s*")
_PER = r"(?:a|an|per|every|each|in a|/)"
_TIMES = re.compile(rf"(twice|thrice|{_COUNT} ?(?:x|times?))\s*{_PER}\s*(?:year|annum|12 months)")
_OTHER = re.compile(r"every (other|second|third|fourth) ([a-z]+)")
_COUNTED = re.compile(rf"(?:every |each |per )?({_COUNT})[- ]?([a-z]+)")
_ONE = re.compile(rf"{_PER}\s*([a-z]+)")
_RANGE = re.compile(rf"(?:every )?({_COUNT})(?: ?([a-z]+))? ?(?:-|\u2013|to) ?({_COUNT})[- ]?([a-z]+)")
_ORDINALS: Final = {"other": 2, "second": 2, "third": 3, "fourth": 4}
_ANY_DAY: Final = date(2001, 1, 1)
_MONTHS_PER_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: an interval, a range of intervals, or the word that no figure is given."""

    every: Duration | Literal["unspecified"]
    at_least_after: Duration | None = None

    def words(self) -> str:
        """As a register and a spreadsheet say it: `6 months`, `3 months to 6 months`, `unspecified`."""
        if isinstance(self.every, str):
            return self.every
        return f"{self.at_least_after.words()} to {self.every.words()}" if self.at_least_after else self.every.words()


def read_cadence(text: str, unit: str | None = None) -> Cell[Cadence]:
    """One cell; `unit` is what a bare number means in this column. An unclear one is left out, never guessed."""
    said = re.sub(r"[ \t\xa0]+", " ", text.casefold()).strip(" .\n")
    if said == UNSPECIFIED:
        return Cell(Cadence(UNSPECIFIED))
    if _VAGUE.fullmatch(said):
        remedy = "Get a figure from whoever promised it."
        return Cell(Cadence(UNSPECIFIED), "it gives no figure, and none is made up", remedy)
    if found := _BI.fullmatch(said):
        one, other, first, second = _TWO_MEANINGS[found[1]]
        return Cell(None, f"it means {one} to some and {other} to others", f"Write '{first}' or '{second}'.")
    if re.fullmatch(r"\d{1,4}", said):
        return _bare_number(said, unit)
    try:
        whole = _cadence(said)
    except ValueError as error:
        return Cell(None, str(error), "Write for example '6 months'.")
    return Cell(whole) if whole else _in_pieces(said)


def _bare_number(said: str, unit: str | None) -> Cell[Cadence]:
    if unit is None:
        remedy = f"Write '{said} months', or put the unit into the header: 'Frequency (months)'."
        return Cell(None, "a number without a unit is no interval", remedy)
    try:
        return Cell(Cadence(_duration(said, unit)))
    except ValueError as error:
        return Cell(None, str(error), "Write for example '6 months'.")


def _in_pieces(said: str) -> Cell[Cadence]:
    """`Quarterly, or after an incident`: the one interval in it, with the rest said to be left out."""
    remedy = "Write one interval, for example '6 months'."
    pieces = [piece for piece in _PIECES.split(said) if piece]
    found: dict[Cadence, str] = {}
    rest = []
    for piece in pieces:
        try:
            cadence = None if _BI.fullmatch(piece) else _cadence(piece)
        except ValueError:
            cadence = None
        if cadence is None:
            rest.append(piece)
        else:
            found.setdefault(cadence, piece)
    if len(found) > 1:
        return Cell(None, f"it gives {len(found)} intervals, and does not say which holds when", remedy)
    if not found or any(re.search(r"\d|^bi", piece) for piece in rest):
        return Cell(None, "it is no interval", remedy)
    if not rest:
        return Cell(next(iter(found)))
    left = " ".join(quoted(piece) for piece in rest)
    return Cell(next(iter(found)), f"{left} is no interval and was left out", "Write it as a trigger, if it is one.")


def _cadence(said: str) -> Cadence | None:
    """None if it has no form that is known. Raises ValueError for what is no time at all, or too long."""
    bare = _LEAD.sub("", said)
    if known := _ADVERBS.get(bare):
        return Cadence(parse_duration(known))
    return next((found for read in _FORMS if (found := read(bare)) is not None), None)


def _counted(said: str) -> Cadence | None:
    """`every two years`, `6-monthly`, `6M`."""
    found = _COUNTED.fullmatch(said)
    unit = _unit(found[2]) if found else None
    return Cadence(_duration(found[1], unit)) if found and unit else None


def _one(said: str) -> Cadence | None:
    """`per quarter`, `each year`, `every other year`."""
    if found := _OTHER.fullmatch(said):
        unit, count = _unit(found[2]), str(_ORDINALS[found[1]])
    elif found := _ONE.fullmatch(said):
        unit, count = _unit(found[1]), "1"
    else:
        return None
    return Cadence(_duration(count, unit)) if unit else None


def _as_in_a_register(said: str) -> Cadence | None:
    try:
        return Cadence(parse_duration(said.removeprefix("every ")))
    except ValueError:
        return None


def _times_a_year(said: str) -> Cadence | None:
    """`twice a year`, `4x per year`; only what divides a year."""
    found = _TIMES.fullmatch(said)
    if found is None:
        return None
    times = {"twice": 2, "thrice": 3}.get(found[1]) or _count(re.sub(r" ?(x|times?)$", "", found[1]))
    if not times or _MONTHS_PER_YEAR % times:
        return None
    return Cadence(parse_duration(f"{_MONTHS_PER_YEAR // times} months"))


def _range(said: str) -> Cadence | None:
    """`3-6 months`, `every three to six months`."""
    found = _RANGE.fullmatch(said)
    far = _unit(found[4]) if found else None
    near = _unit(found[2]) if found and found[2] else far
    if found is None or near is None or far is None:
        return None
    return _ordered(_duration(found[1], near), _duration(found[3], far))


def _long_range(said: str) -> Cadence | None:
    """`1 year 2 months to 2 years`, as `Cadence.words` writes it."""
    near, to, far = said.removeprefix("every ").partition(" to ")
    try:
        if not to:
            return None
        return _ordered(parse_duration(near), parse_duration(far))
    except ValueError:
        return None


def _ordered(near: Duration, far: Duration) -> Cadence | None:
    # Months and days compare only on a calendar, as for the mitigation itself.
    return Cadence(far, near) if near.after(_ANY_DAY) < far.after(_ANY_DAY) else None


def _unit(word: str) -> str | None:
    return next((unit for unit, words in _UNITS.items() if word in words), None)


def _duration(count: str, unit: str) -> Duration:
    return parse_duration(f"{_count(count)} {unit.rstrip('s')}s")


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word) if word in _NUMBERS else _MORE[word]


_FORMS: Final = (_times_a_year, _range, _counted, _one, _long_range, _as_in_a_register)
