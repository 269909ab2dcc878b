"""Calendar arithmetic: durations in months or days, month-end clamps, working days, time zones.

A duration is calendar time, never seconds: "6 months" after 31 August is 28 or 29 February.
ISO 8601 (`P6M`, `P1Y6M`, `P2W`, `P10D`) and plain words ("6 months", "1 year 6 months", "quarterly") mean the same.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTHS_PER_YEAR: Final = 12
DAYS_PER_WEEK: Final = 7
LONGEST_YEARS: Final = 100
SHORTEST_MONTH: Final = 28
"""The number of days that every month has."""
_CYCLE: Final = range(2000, 2400)
"""After four hundred years the calendar repeats."""
_ISO = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?")
_HUMAN_PART = re.compile(r"(?P<count>\d+|an?|one|two|three|six|twelve)\s*(?P<unit>day|week|month|quarter|year)s?")
_ABOUT = re.compile(r"(?:about|approximately|around|roughly|circa|~)\s*", re.IGNORECASE)
ABOUT: Final = "about "
"""The word before a duration that is stated as no exact one."""
_JOINERS = re.compile(r"^(?:\s*(?:,|and)?\s*)$")
_WORDS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "six": 6, "twelve": 12}
_ADVERBS: Final = {
    "daily": "P1D",
    "weekly": "P1W",
    "monthly": "P1M",
    "quarterly": "P3M",
    "half-yearly": "P6M",
    "yearly": "P1Y",
    "annually": "P1Y",
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=False)
class Duration:
    """Calendar time: `months` first (clamped to the month's end), then `days`."""

    months: int = 0
    days: int = 0
    is_about: bool = False
    """Whether it is stated as "about": it is counted as the figure, and said as stated."""

    def __str__(self) -> str:
        """Canonical ISO 8601, for example `P6M` or `P1Y2M3D`; `about 6 months` for one that is stated so."""
        if self.is_about:
            return self.words()
        years, months = divmod(self.months, MONTHS_PER_YEAR)
        parts = "".join(f"{count}{unit}" for count, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if count)
        return f"P{parts or '0D'}"

    def words(self) -> str:
        """The duration in words: `6 months`, `1 year 2 months`, `about 2 weeks`."""
        years, months = divmod(self.months, MONTHS_PER_YEAR)
        whole_weeks = self.days and self.days % DAYS_PER_WEEK == 0
        weeks, days = (self.days // DAYS_PER_WEEK, 0) if whole_weeks else (0, self.days)
        parts = [
            f"{count} {unit}{'s' if count != 1 else ''}"
            for count, unit in ((years, "year"), (months, "month"), (weeks, "week"), (days, "day"))
            if count
        ]
        return f"{ABOUT if self.is_about else ''}{' '.join(parts) or '0 days'}"

    def is_same_time(self, other: "Duration") -> bool:
        """Whether both have the same figure, however they are stated."""
        return (self.months, self.days) == (other.months, other.days)

    def after(self, start: date) -> date:
        """`start` plus this duration. 31 Jan + 1 month is 28 or 29 Feb; 29 Feb + 1 year is 28 Feb.

        Raises OverflowError past the year 9999.
        """
        return add_months(start, self.months) + timedelta(days=self.days)

    def before(self, end: date) -> date:
        """`end` minus this duration, months first with the same clamp."""
        return add_months(end, -self.months) - timedelta(days=self.days)


def add_months(start: date, months: int) -> date:
    """`start` plus whole months; a day that the month lacks becomes its last day. Raises OverflowError."""
    index = start.year * MONTHS_PER_YEAR + start.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{start} and {months} months is outside the calendar")
    day = start.day if start.day <= SHORTEST_MONTH else min(start.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


@lru_cache(maxsize=256)
def never_longer(left: Duration, right: Duration) -> bool:
    """Whether `left` ends no later than `right`, from whatever day both start: 30 days and 1 month are not ordered."""
    if left.months <= right.months and left.days <= right.days:
        return True
    if left.months >= right.months and left.days >= right.days:
        return False
    # Days 1 to 28 exist in every month, so what holds from the first holds from all of them.
    return all(
        left.after(start) <= right.after(start)
        for year, month in product(_CYCLE, range(1, 13))
        for start in {_day(year, month, number) for number in (1, 29, 30, 31)}
    )


def _day(year: int, month: int, number: int) -> date:
    start = date(year, month, 1)
    return min(start + timedelta(days=number - 1), add_months(start, 1) - timedelta(days=1))


@lru_cache(maxsize=256)
def parse_duration(text: str) -> Duration:
    """The duration of a text in ISO 8601 or plain English.

    Raises ValueError with an example. Hours are not accepted, because due dates are days.
    """
    wanted = text.strip()
    if about := _ABOUT.match(wanted):
        return replace(parse_duration(wanted[about.end() :]), is_about=True)
    if adverb := _ADVERBS.get(wanted.lower()):
        wanted = adverb
    duration = _parse_iso(wanted) if wanted[:1] in {"P", "p"} else _parse_human(wanted.lower())
    if duration is None:
        raise ValueError(f"{text!r} is not a duration; write for example '6 months', '1 year', '2 weeks' or 'P6M'")
    if not (duration.months or duration.days):
        raise ValueError(f"{text!r} is zero; write for example '6 months' or 'P6M'")
    if duration.months > LONGEST_YEARS * MONTHS_PER_YEAR or duration.days > LONGEST_YEARS * 366:
        raise ValueError(f"{text!r} is longer than {LONGEST_YEARS} years")
    return duration


def _parse_iso(text: str) -> Duration | None:
    match = _ISO.fullmatch(text.upper())
    if match is None or text.upper() == "P":
        return None
    years, months, weeks, days = (_bounded(match[name] or "0") for name in ("years", "months", "weeks", "days"))
    return Duration(years * MONTHS_PER_YEAR + months, weeks * DAYS_PER_WEEK + days)


def _parse_human(text: str) -> Duration | None:
    months = days = 0
    rest_from = 0
    for match in _HUMAN_PART.finditer(text):
        if not _JOINERS.match(text[rest_from : match.start()]):
            return None
        rest_from = match.end()
        count = _WORDS.get(match["count"]) or _bounded(match["count"])
        match match["unit"]:
            case "year":
                months += count * MONTHS_PER_YEAR
            case "quarter":
                months += count * 3
            case "month":
                months += count
            case "week":
                days += count * DAYS_PER_WEEK
            case _:
                days += count
    if rest_from == 0 or text[rest_from:].strip():
        return None
    return Duration(months, days)


def _bounded(digits: str) -> int:
    # int() of thousands of digits is slow, and only an attack has them.
    return int(digits[:9])


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises ValueError with an example."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as 'Europe/Berlin' or 'UTC'") from error


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar date on which `instant` falls in `timezone`."""
    return instant.astimezone(zone(timezone)).date()


def end_of_day(day: date, timezone: str) -> datetime:
    """The last instant of `day` in `timezone`, in UTC."""
    following = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone(timezone))
    return following.astimezone(UTC) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which people work: weekdays by number (Monday 0) without holidays."""

    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on; `day` itself if there is none within a year."""
        for offset in range(366):
            if self.is_working(day + timedelta(days=offset)):
                return day + timedelta(days=offset)
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day up to `day`; `day` itself if there is none within a year."""
        for offset in range(366):
            if self.is_working(day - timedelta(days=offset)):
                return day - timedelta(days=offset)
        return day

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `count` 0 is the working day on or after it."""
        current = self.on_or_after(day)
        for _ in range(count):
            current = self.on_or_after(current + timedelta(days=1))
        return current

    def between(self, start: date, end: date) -> int:
        """The number of working days after `start` up to and including `end`; 0 if `end` is not later."""
        return sum(self.is_working(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def last_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_words(day: date) -> str:
    """`December 2026`, in any locale."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """`11 Dec`, in any locale."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def day_words(day: date, *, year: bool = False) -> str:
    """A date as `Fri 11 Dec` or, with `year`, `Fri 11 Dec 2026`, in any locale."""
    text = f"{WEEKDAYS[day.weekday()].title()} {day_and_month(day)}"
    return f"{text} {day.year}" if year else text


def due_words(day: date, at: datetime | None = None) -> str:
    """A due date, or the instant of a deadline with its hour: `Fri 11 Dec 2026`, `Wed 2 Dec 2026 09:14 UTC`."""
    if at is None:
        return day_words(day, year=True)
    instant = at.astimezone(UTC)
    return f"{day_words(instant.date(), year=True)} {instant:%H:%M} UTC"


def span_words(span: timedelta) -> str:
    """A time span in its largest whole unit: `3 days`, `5 hours`, `12 minutes`, `less than a minute`."""
    seconds = max(0, round(span.total_seconds()))
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count != 1 else ''}"
    return "less than a minute"


def left_words(span: timedelta) -> str:
    """A time span in whole days and hours, rounded down: `2 days 4 h`, `1 day`, `3 h`, `less than an hour`."""
    days, seconds = max(span, timedelta(0)).days, max(span, timedelta(0)).seconds
    hours = seconds // 3_600
    parts = [f"{days} day{'s' if days != 1 else ''}"] if days else []
    parts += [f"{hours} h"] if hours else []
    return " ".join(parts) or "less than an hour"
