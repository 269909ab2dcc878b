"""Values of the fields of an incident, an information item or a count, as a file or a feed writes them.

Each function gives the value, or raises OddValueError. Texts are strangers' and are kept on one line, without control characters.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from reassay.common.inert import plain
from reassay.register.base import FIRST_YEAR, ID_PATTERN
from reassay.register.incident import IncidentKind, Severity
from reassay.register.information import InformationKind

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?( ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
)
_NO_DAY: Final = re.compile(r"[0-9]{4}(-[0-9]{2})?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?")
_ID: Final = re.compile(ID_PATTERN)
_ID_LENGTH: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
LONGEST_LINE: Final = 300
LONGEST_KEY: Final = 1000
LONGEST_URL: Final = 1000
LARGEST_COUNT: Final = 2**53
CLOCKS_DIFFER: Final = timedelta(days=1)
"""How much later than now a date may be: dates of other time zones, and clocks that are wrong."""
SEVERITIES: Final[Mapping[str, Severity]] = {
    **{severity.value: severity for severity in Severity},
    "moderate": Severity.MEDIUM,
}
INCIDENT_KINDS: Final[tuple[IncidentKind, ...]] = ("incident", "near-miss", "hazard")
INFORMATION_KINDS: Final[tuple[InformationKind, ...]] = (
    "jailbreak",
    "safeguard-vulnerability",
    "research",
    "external-incident",
    "evaluation-method",
)


class OddValueError(ValueError):
    """The value cannot be understood. The message continues from the name of its field: `is 'sev0', none of low and high`."""


def shown(value: object) -> str:
    """A stranger's value in a sentence: its characters on one line, in quotation marks, cut to 60."""
    text = plain(value if isinstance(value, str) else repr(value)[:200])
    return f"'{text[:57]}...'" if len(text) > 60 else f"'{text}'"  # noqa: PLR2004 -- what a sentence can hold


def is_empty(value: object) -> bool:
    """Whether a field has no value: absent, null, or text without a visible character."""
    return value is None or (isinstance(value, str) and not plain(value))


def key_of(value: object) -> str:
    """A name in the source: a text, or a whole number, which is the same as its digits in a text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddValueError(f"is {shown(value)}, neither a text nor a whole number")
    text = plain(value) if isinstance(value, str) else _digits(value)
    if not text or len(text) > LONGEST_KEY:
        raise OddValueError(f"is empty or longer than {LONGEST_KEY:,} characters")
    return text


def _digits(value: int) -> str:
    if abs(value) >= 10**18:
        raise OddValueError("is a number of more than 18 digits")
    return str(value)


def line_of(value: object) -> str:
    """A text on one line, cut to 300 characters; a number as its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OddValueError(f"is {shown(value)}, not a text")
    return plain(value if isinstance(value, str) else _digits(value))[:LONGEST_LINE]


def url_of(value: object) -> str | None:
    """An address of the web; None if it is something else, which nothing depends on."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return None
    return value if len(value) <= LONGEST_URL and plain(value) == value and " " not in value else None


def instant_of(value: object, now: datetime) -> datetime | None:
    """An instant in UTC. A date alone is its beginning in UTC, and a time without a zone is UTC, as in registers.

    None for a month or a year alone, which is not an instant. A date after tomorrow is odd: it would hide a silent source.
    """
    instant = _parsed(value)
    if instant is None:
        return None
    if instant.year < FIRST_YEAR:
        raise OddValueError(f"is {shown(value)}, before the year {FIRST_YEAR}")
    if instant > now + CLOCKS_DIFFER:
        raise OddValueError(f"is {shown(value)}, which lies in the future")
    return min(instant, now)


def _parsed(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return _in_utc(value, value)
    if isinstance(value, date):
        return datetime.combine(value, time.min, UTC)
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        if _INSTANT.fullmatch(text):
            return _in_utc(
                datetime.fromisoformat(text.replace("UTC", "Z").replace(" Z", "Z").replace(" +", "+")), value
            )
        if _NO_DAY.fullmatch(text):
            date(int(text[:4]), int(text[5:] or 1), 1)
            return None
    except ValueError:
        pass
    raise OddValueError(f"is {shown(value)}, not a date; write it as 2026-06-01 or 2026-06-01T14:30Z")


def _in_utc(instant: datetime, value: object) -> datetime:
    try:
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except OverflowError:
        raise OddValueError(f"is {shown(value)}, outside the calendar") from None


def day_of(value: object, now: datetime) -> date:
    """A day (UTC). A month alone is odd: a count of a month is not a rate of its days."""
    instant = instant_of(value, now)
    if instant is None:
        raise OddValueError(f"is {shown(value)}, which names no day; counts are stated by day")
    return instant.date()


def count_of(value: object) -> float:
    """A count: a number that is not negative and can be counted exactly."""
    number = _number(value)
    if number is None or not math.isfinite(number):
        raise OddValueError(f"is {shown(value)}, not a number")
    if not 0 <= number <= LARGEST_COUNT:
        raise OddValueError(f"is {shown(value)}, which is no count")
    return number + 0.0  # -0.0 would be written otherwise than 0


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return float(value) if abs(value) <= LARGEST_COUNT else math.inf
    if isinstance(value, float):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value.strip())
    return None


def severity_of(value: object) -> Severity:
    """A severity in the words of registers, in any case; `moderate` is medium."""
    severity = SEVERITIES.get(value.strip().lower()) if isinstance(value, str) else None
    if severity is None:
        raise OddValueError(f"is {shown(value)}, none of low, medium, high and critical")
    return severity


def incident_kind_of(value: object) -> IncidentKind:
    """A kind of incident, in any case, with spaces or hyphens."""
    for kind in INCIDENT_KINDS:
        if _name(value) == kind:
            return kind
    raise OddValueError(f"is {shown(value)}, none of {', '.join(INCIDENT_KINDS)}")


def information_kind_of(value: object) -> InformationKind:
    """A kind of information, in any case, with spaces or hyphens."""
    for kind in INFORMATION_KINDS:
        if _name(value) == kind:
            return kind
    raise OddValueError(f"is {shown(value)}, none of {', '.join(INFORMATION_KINDS)}")


def _name(value: object) -> str:
    return re.sub(r"[\s_-]+", "-", value.strip().lower()) if isinstance(value, str) else ""


def id_of(value: object) -> str:
    """An id of the register."""
    text = value.strip() if isinstance(value, str) else ""
    if not _ID.fullmatch(text) or len(text) > _ID_LENGTH:
        raise OddValueError(f"is {shown(value)}, not an id; write it as in the register, for example jailbreak-filter")
    return text


def texts_of(value: object) -> tuple[object, ...]:
    """The items of a list, or of a text with commas, semicolons or spaces between them."""
    if isinstance(value, str):
        return tuple(part for part in re.split(r"[,;\s]+", value) if part)
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def word_of(value: object, name: str) -> str:
    """An id of a public data base, which can be part of an address. The error begins with the name of its field."""
    if not isinstance(value, str) or not is_word(value):
        raise OddValueError(f"'{name}' is {shown(value)}, not an id")
    return value


def is_word(text: str) -> bool:
    """Whether a text is an id as public data bases have them."""
    return _WORD.fullmatch(text) is not None
