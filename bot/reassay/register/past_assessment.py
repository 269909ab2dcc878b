"""A past assessment: imported history. It may anchor the next date, and it is never shown as verified."""

from typing import Literal

from reassay.register.base import Day, Depth, Described, Id, Line, Positive, RoleName, Strict, Text
from reassay.register.evidence_item import Sha256


class ImportSource(Strict):
    """Where the row came from, so that an auditor can find it."""

    file: Line
    """Name of the file."""
    sha256: Sha256
    """Of the file as it was imported."""
    row: Positive
    """Line of the row within it, the header being 1."""


class PastAssessment(Described):
    """What an organisation says it assessed before this register existed."""

    mitigation: Id
    """Id of what was assessed."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it covered; none means all that the mitigation serves."""
    assessed_on: Day
    """When it was finished."""
    decision: Literal["effective", "degraded", "ineffective", "inconclusive"] | None = None
    """What it found, if that is known. Inconclusive ones anchor nothing."""
    depth: Depth | None = None
    """How thorough it was, if that is known."""
    version: Positive | None = None
    """Of the mitigation then, if that is known."""
    assessed_by: Line | None = None
    """Who assessed it, as the source says."""
    summary: Text | None = None
    """What the source says of it."""
    attestor: RoleName
    """Who vouches for the import."""
    source: ImportSource
    """Where it was imported from."""
