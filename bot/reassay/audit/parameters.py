"""What a pack was asked for: everything besides its input files that decides what stands in it."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.audit.facts import SampleAsked
from reassay.audit.period import Period
from reassay.ledger.keys import KeyId
from reassay.register.base import Strict
from reassay.register.configuration import Timezone

AnchorText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,9}:[0-9a-f]{12,64}$")]
"""Nothing else gets into the commands of a README."""
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,60}$")]
"""Of reassay."""


class SampleParameters(Strict):
    """How a sample is drawn."""

    size: Annotated[int, Field(ge=1)]
    seed: Annotated[str, StringConstraints(max_length=200)]


class Parameters(Strict):
    """As they stand in `manifest.json`."""

    start: date
    end: date
    timezone: Timezone
    """Of the register as it stood when the pack was made."""
    sample: SampleParameters | None = None
    trusted_keys: tuple[KeyId, ...] = ()
    """Ids of the keys that whoever made the pack trusts."""
    anchors: tuple[AnchorText, ...] = ()
    """As they were given: `seq:digest`."""

    @property
    def period(self) -> Period:
        """The period."""
        return Period(self.start, self.end, self.timezone)

    @property
    def asked(self) -> SampleAsked | None:
        """The sample, if one was asked for."""
        return SampleAsked(self.sample.size, self.sample.seed) if self.sample else None
