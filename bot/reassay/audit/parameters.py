"""Parameters of an audit pack. Together with the input files they determine its whole content."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.audit.period import Period
from reassay.ledger.keys import KeyId
from reassay.register.base import Strict
from reassay.register.configuration import Timezone

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
    end: date
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
