"""Intervals as people write them: Quarterly, 6M, every two years, twice a year. Vague words give no interval."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from reassay.common.calendar import Duration, parse_duration
from reassay.imports.durations_localised import in_english
from reassay.imports.spreadsheet import CellValue
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
    r"^(?:(?:at least|minimum|min\.?|at a minimum|approx(?:\.|imately)?|about|around|roughly|circa|ca\.|"
    r"reviewed|tested|assessed|once) +)+"
)
_SOFT = re.compile(r"~|\b(?:approx|about|around|roughly|circa|ca\b)")
"""Words before an interval that make it no exact one."""
_PIECES = re.compile(
    r"\s*(?:[;,/+()\n&|]|\bor\b|\band\b|\bplus\b|\bthen\b|\boder\b|\bund\b|\bsowie\b|\bbzw\b\.?|\bou\b|\bet\b|"
    r"(?<=[^\W\d])\s+[yoe]\s+| - | \u2013 )\s*"
)
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
    """Frequency of re-assessment: an interval, a range of intervals, or `unspecified`."""

    every: Duration | Literal["unspecified"]
    at_least_after: Duration | None = None

    def words(self) -> str:
        """The frequency as a register writes it: `6 months`, `3 months to 6 months`, `unspecified`."""
        if isinstance(self.every, str):
            return self.every
        return f"{self.at_least_after.words()} to {self.every.words()}" if self.at_least_after else self.every.words()


def read_cadence(text: str, unit: str | None = None) -> CellValue[Cadence]:
    """The frequency in a cell; `unit` applies to bare numbers. An unclear one is left out, never guessed."""
    words = re.sub(r"[ \t\xa0]+", " ", text.casefold()).strip(" .\n")
    special = _special(words, unit)
    if special is not None:
        return special
    try:
        whole = _cadence(words)
    except ValueError as error:
        return CellValue(None, str(error), "Write e.g. '6 months'.")
    if whole is not None:
        return CellValue(whole)
    english = in_english(words)
    return _in_pieces(words) if english is None or english == words else read_cadence(english, unit)


def _special(words: str, unit: str | None) -> CellValue[Cadence] | None:
    """The value of a text without an interval of its own: `unspecified`, a vague or ambiguous word, a bare number."""
    if words == UNSPECIFIED:
        return CellValue(Cadence(UNSPECIFIED))
    if _VAGUE.fullmatch(words):
        return CellValue(Cadence(UNSPECIFIED), "it names no interval", "Ask the owner for an interval.")
    if match := _BI.fullmatch(words):
        reading, other, first, second = _TWO_MEANINGS[match[1]]
        return CellValue(None, f"ambiguous: {reading} or {other}", f"Write '{first}' or '{second}'.")
    return _bare_number(words, unit) if re.fullmatch(r"\d{1,4}", words) else None


def _bare_number(words: str, unit: str | None) -> CellValue[Cadence]:
    if unit is None:
        remedy = f"Write e.g. '{words} months', or put the unit into the header: 'Frequency (months)'."
        return CellValue(None, "an interval needs a unit", remedy)
    try:
        return CellValue(Cadence(_duration(words, unit)))
    except ValueError as error:
        return CellValue(None, str(error), "Write e.g. '6 months'.")


def _in_pieces(words: str) -> CellValue[Cadence]:
    """The only interval of a longer text (`Quarterly, or after an incident`); the rest is noted as left out."""
    remedy = "Write one interval, e.g. '6 months'."
    pieces = [piece for piece in _PIECES.split(words) if piece]
    cadences: dict[Cadence, str] = {}
    rest = []
    for piece in pieces:
        try:
            cadence = None if _BI.fullmatch(piece) else _cadence(piece) or _cadence(in_english(piece) or piece)
        except ValueError:
            cadence = None
        if cadence is None:
            rest.append(piece)
        else:
            cadences.setdefault(cadence, piece)
    if len(cadences) > 1:
        return CellValue(None, f"it has {len(cadences)} intervals, and only one is possible", remedy)
    if not cadences or any(re.search(r"\d|^bi", piece) for piece in rest):
        return CellValue(None, "not a recognised interval", remedy)
    if not rest:
        return CellValue(next(iter(cadences)))
    left = " ".join(quoted(piece) for piece in rest)
    return CellValue(
        next(iter(cadences)),
        f"{left} is not an interval and was left out",
        "If it is a trigger, add it to the mitigation as one.",
    )


def _cadence(words: str) -> Cadence | None:
    """The frequency in one of the known forms; None for another form. Raises ValueError for zero and for too long intervals."""
    tight = words.replace("~ ", "~").replace("~", "about ")
    bare = _LEAD.sub("", tight)
    cadence = _exact_cadence(bare)
    is_soft = bool(_SOFT.search(tight[: len(tight) - len(bare)]))
    if cadence is None or not is_soft or not isinstance(cadence.every, Duration):
        return cadence
    return replace(cadence, every=replace(cadence.every, is_about=True))


def _exact_cadence(bare: str) -> Cadence | None:
    if interval := _ADVERBS.get(bare):
        return Cadence(parse_duration(interval))
    return next((cadence for read in _FORMS if (cadence := read(bare)) is not None), None)


def _counted(words: str) -> Cadence | None:
    """A counted interval: `every two years`, `6-monthly`, `6M`."""
    match = _COUNTED.fullmatch(words)
    unit = _unit(match[2]) if match else None
    return Cadence(_duration(match[1], unit)) if match and unit else None


def _single(words: str) -> Cadence | None:
    """An interval of one unit: `per quarter`, `each year`, `every other year`."""
    if match := _OTHER.fullmatch(words):
        unit, count = _unit(match[2]), str(_ORDINALS[match[1]])
    elif match := _ONE.fullmatch(words):
        unit, count = _unit(match[1]), "1"
    else:
        return None
    return Cadence(_duration(count, unit)) if unit else None


def _as_in_a_register(words: str) -> Cadence | None:
    try:
        return Cadence(parse_duration(words.removeprefix("every ")))
    except ValueError:
        return None


def _times_a_year(words: str) -> Cadence | None:
    """A number of times a year that divides 12 months: `twice a year`, `4x per year`."""
    match = _TIMES.fullmatch(words)
    if match is None:
        return None
    times = {"twice": 2, "thrice": 3}.get(match[1]) or _count(re.sub(r" ?(x|times?)$", "", match[1]))
    if not times or _MONTHS_PER_YEAR % times:
        return None
    return Cadence(parse_duration(f"{_MONTHS_PER_YEAR // times} months"))


def _range(words: str) -> Cadence | None:
    """A range with one unit: `3-6 months`, `every three to six months`."""
    match = _RANGE.fullmatch(words)
    far = _unit(match[4]) if match else None
    near = _unit(match[2]) if match and match[2] else far
    if match is None or near is None or far is None:
        return None
    return _ordered(_duration(match[1], near), _duration(match[3], far))


def _long_range(words: str) -> Cadence | None:
    """A range as `Cadence.words` writes it: `1 year 2 months to 2 years`."""
    near, to, far = words.removeprefix("every ").partition(" to ")
    try:
        if not to:
            return None
        return _ordered(parse_duration(near), parse_duration(far))
    except ValueError:
        return None


def _ordered(near: Duration, far: Duration) -> Cadence | None:
    # Months and days can be compared only on a calendar, as in the mitigation.
    return Cadence(far, near) if near.after(_ANY_DAY) < far.after(_ANY_DAY) else None


def _unit(word: str) -> str | None:
    return next((unit for unit, words in _UNITS.items() if word in words), None)


def _duration(count: str, unit: str) -> Duration:
    return parse_duration(f"{_count(count)} {unit.rstrip('s')}s")


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word) if word in _NUMBERS else _MORE[word]


_FORMS: Final = (_times_a_year, _range, _counted, _single, _long_range, _as_in_a_register)
