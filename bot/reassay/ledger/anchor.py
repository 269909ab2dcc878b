"""Anchors: `seq:digest`, kept outside of the repository. Only they find a ledger that was cut or rolled back as a whole."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"([1-9][0-9]{0,9}):(?:sha256:)?([0-9a-f]{12,64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that somebody has seen."""

    seq: int
    start: str
    """The first 12 to 64 digits of its digest."""

    def names(self, digest: str) -> bool:
        """Whether that is the entry."""
        return digest.removeprefix("sha256:").startswith(self.start)


def read_anchor(text: str) -> Anchor | None:
    """`SEQ:DIGEST` as every view prints it; None for anything else."""
    match = _FORM.fullmatch(text.strip())
    return Anchor(int(match[1]), match[2]) if match else None
