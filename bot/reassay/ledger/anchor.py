"""Anchors: `seq:digest` of an entry, kept outside the repository to find a truncated or rolled-back ledger."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"([1-9][0-9]{0,9}):(?:sha256:)?([0-9a-f]{12,64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry of the ledger, as known from elsewhere."""

    seq: int
    start: str
    """The first 12 to 64 digits of its digest."""

    def names(self, digest: str) -> bool:
        """Whether a digest is that of the entry."""
        return digest.removeprefix("sha256:").startswith(self.start)


def read_anchor(text: str) -> Anchor | None:
    """The anchor written as `SEQ:DIGEST`; None for anything else."""
    match = _FORM.fullmatch(text.strip())
    return Anchor(int(match[1]), match[2]) if match else None
