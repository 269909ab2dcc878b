"""Types and fields that all objects of the register share."""

import re
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from reassay.common.calendar import Duration, parse_duration
from reassay.common.meant import dates_meant, interval_meant, range_meant
from reassay.register.finding import quoted

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$"
"""A login or a role. Logins of Enterprise Managed Users end in `_` and the short code of their enterprise: `octo_acme`."""
LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"


class Strict(BaseModel):
    """Frozen and closed: unknown keys are errors, and a string is never silently a number.

    Documents are validated as JSON (`model_validate_json`), where strict still means list to tuple and text to date.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=100)]
"""Kebab-case, unique per kind, never reused."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=TEXT_PATTERN)]
"""Prose of any number of lines."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""Text on one line."""

LINK_PATTERN = r"^https?://[^\s]+$"
Link = Annotated[str, StringConstraints(pattern=LINK_PATTERN, max_length=2000)]
"""The address of a page that people read; nothing fetches it."""

RoleName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=100)]
"""A role declared under `roles`, or a GitHub login where no such role is declared."""


def refusal(code: str, text: str) -> PydanticCustomError:
    """The error of a validator: `code` is kebab-case; `text` is `what is wrong; what to write instead`."""
    return PydanticCustomError(code, "{text}", {"text": text})


def _to_figure(value: object) -> Duration:
    duration = _to_duration(value)
    if duration.is_about:
        figure = replace(duration, is_about=False).words()
        raise refusal(
            "about-a-figure", f"{quoted(str(value))} is not an exact time, which is needed here; write '{figure}'"
        )
    return duration


def _to_duration(value: object) -> Duration:
    if isinstance(value, Duration):
        return value
    if not isinstance(value, str):
        raise refusal("not-a-duration", "a duration is a text; write for example '6 months', '2 weeks' or 'P6M'")
    try:
        return parse_duration(value)
    except ValueError as error:
        raise refusal("not-a-duration", _instead(value) or str(error)) from error


def _instead(text: str) -> str:
    """What to write instead of a text that is nearly an interval; empty where nobody can tell."""
    if meant := interval_meant(text):
        return f"{quoted(text)} is not a duration; write '{meant}'"
    if ends := range_meant(text):
        within = f"reassess: {{every: {ends[1]}, at_least_after: {ends[0]}}}"
        return f"{quoted(text)} is a range; write the longer end, and the shorter one as 'at_least_after': '{within}'"
    return ""


FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years outside these are taken for mistakes, and adding an interval could leave the calendar."""


def within_years(day: date) -> date:
    """The day. Raises PydanticCustomError for a year outside FIRST_YEAR to LAST_YEAR."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refusal("not-a-date", f"{day} is not between {FIRST_YEAR} and {LAST_YEAR}; correct the year")
    return day


def _to_date(value: object) -> date:
    # YAML 1.2 reads dates as plain text; a date is written YYYY-MM-DD and nothing else (no week dates).
    try:
        day = value if isinstance(value, date) else None
        if isinstance(value, str) and _DATE.fullmatch(value):
            day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is not None:
        return within_years(day)
    shown = f"{quoted(value)} is not" if isinstance(value, str) else "this is not"
    meant = " or ".join(map(str, dates_meant(value))) if isinstance(value, str) else ""
    if meant:
        raise refusal("not-a-date", f"{shown} a date of the form YYYY-MM-DD; write {meant}")
    raise refusal("not-a-date", f"{shown} a calendar date; write it as YYYY-MM-DD, for example 2026-06-01")


Interval = Annotated[
    Duration,
    PlainValidator(_to_figure),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Calendar time: ISO 8601 (P6M) or plain words (6 months).",
            "examples": ["6 months", "1 year", "2 weeks", "P6M"],
        }
    ),
]

SoftInterval = Annotated[
    Duration,
    PlainValidator(_to_duration),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Calendar time: ISO 8601 (P6M) or plain words (6 months). `about 6 months` is due after 6 months.",
            "examples": ["6 months", "1 year", "about a month", "P6M"],
        }
    ),
]
"""An interval that a framework may state as "about": it is due after the figure, and said as stated."""

Day = Annotated[
    date,
    BeforeValidator(_to_date),
    WithJsonSchema({"type": "string", "format": "date", "description": "A calendar date, YYYY-MM-DD."}),
]

Unspecified = Literal["unspecified"]
"""Stands for an interval of a framework that gives no figure, such as "periodically"."""


class Depth(StrEnum):
    """How thorough a re-assessment is; ordered, a later trigger may only deepen it."""

    LIGHT = "light"
    FULL = "full"


class Status(StrEnum):
    """The lifecycle status of a mitigation."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    RETIRED = "retired"


class PublishedReference(Strict):
    """An entry of a publication that an object cites, under the id that it has there."""

    source: Annotated[Line, Field(examples=["MITRE ATLAS"])]
    """Name of the publication, for example `MITRE ATLAS`."""
    id: Annotated[Line, Field(examples=["AML.M0004"])] | None = None
    """The id that the entry has there, as it is written there; in quotes if it looks like a number."""
    url: Link | None = None
    """Link to it."""

    @model_validator(mode="after")
    def _names_an_entry(self) -> "PublishedReference":
        if self.id is None and self.url is None:
            raise ValueError("neither 'id' nor 'url' is given, so it names no entry; give one of them")
        return self

    def words(self) -> str:
        """`MITRE ATLAS AML.M0004, https://...`, without what is not given."""
        entry = " ".join(filter(None, [self.source, self.id]))
        return ", ".join(filter(None, [entry, self.url]))


class Described(Strict):
    """Fields of every object."""

    id: Id
    """Kebab-case name, unique among objects of its kind and never reused."""
    title: Line
    """Its name for people."""
    description: Text | None = None
    """Prose; the body of a Markdown file."""
    references: tuple[PublishedReference, ...] = ()
    """Entries of published catalogues that it comes from or corresponds to, under their published ids."""
    related: tuple[Id, ...] = ()
    """Ids of other objects of any kind that whoever assesses it should know of. They are shown in its issue, and it in theirs."""


Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
