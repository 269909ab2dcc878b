"""Past assessments: imported history, which starts clocks and is never shown as verified."""

from typing import Literal

from reassay.register.base import Day, Depth, Described, Id, Line, Positive, RoleName, Strict, Text
from reassay.register.evidence_item import Sha256


class ImportSource(Strict):
    """The source of an imported row."""

    file: Line
    """Name of the file."""
    sha256: Sha256
    """SHA-256 digest of the imported file."""
    row: Positive
    """Line of the row within it, the header being 1."""


class PastAssessment(Described):
    """An assessment that was made before the register existed."""

    mitigation: Id
    """Id of the assessed mitigation."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it covered; none means all that the mitigation serves."""
    models: tuple[Id, ...] = ()
    """Ids of the models it was about: of a promise about models, each has a history of its own. None means all."""
    assessed_on: Day
    """When it was finished."""
    decision: Literal["effective", "degraded", "ineffective", "inconclusive"] | None = None
    """The decision, if known. Inconclusive ones start no clock."""
    depth: Depth | None = None
    """The depth, if known."""
    version: Positive | None = None
    """Version of the mitigation then, if known."""
    assessed_by: Line | None = None
    """Who assessed it, as written in the source."""
    summary: Text | None = None
    """Summary in the source."""
    attestor: RoleName
    """Who vouches for the import."""
    source: ImportSource
    """The imported row."""
