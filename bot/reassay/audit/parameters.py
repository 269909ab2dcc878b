"""Period and parameters of an audit pack. Together with the input files they determine its whole content."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from reassay.common.calendar import end_of_day, local_date
from reassay.ledger.keys import KeyId
from reassay.register.base import Strict
from reassay.register.configuration import Timezone

LAST_DAY: Final = date(2199, 12, 31)
"""Last day that a period may have: what is due is forecast day by day until then, and the calendar of programs ends in 9999."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `start` to the end of `end`."""

    start: date
    end: date
    timezone: str
    """IANA name of the time zone of both dates."""

    def day(self, instant: datetime) -> date:
        """The calendar date of an instant, in the period's time zone."""
        return local_date(instant, self.timezone)

    def contains_day(self, day: date | None) -> bool:
        """Whether a date falls in the period; False for None."""
        return day is not None and self.start <= day <= self.end

    def contains(self, instant: datetime) -> bool:
        """Whether an instant falls in the period."""
        return self.contains_day(self.day(instant))

    @property
    def opening(self) -> datetime:
        """The end of the day `start` in UTC, which is how `status --at` reads a date."""
        return end_of_day(self.start, self.timezone)

    @property
    def closing(self) -> datetime:
        """The end of the day `end` in UTC."""
        return end_of_day(self.end, self.timezone)


AnchorText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,9}:[0-9a-f]{12,64}$")]
"""`seq:digest`. The pattern is strict because anchors are printed into the commands of the README."""
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,60}$")]
"""A version of reassay."""


class SampleParameters(Strict):
    """Size and seed of a sample of decisions."""

    size: Annotated[int, Field(ge=1)]
    seed: Annotated[str, StringConstraints(max_length=200)]


class Parameters(Strict):
    """Parameters of a pack, as written in `manifest.json`."""

    start: date
    end: Annotated[date, Field(le=LAST_DAY)]
    timezone: Timezone
    """Time zone of the register when the pack was made."""
    sample: SampleParameters | None = None
    trusted_keys: tuple[KeyId, ...] = ()
    """Ids of the keys that were given as trusted."""
    anchors: tuple[AnchorText, ...] = ()
    """Anchors that were given, as `seq:digest`."""

    @property
    def period(self) -> Period:
        """The audited period."""
        return Period(self.start, self.end, self.timezone)
