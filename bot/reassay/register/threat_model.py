"""A threat model: who could do what harm, by which path, with what means."""

from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.register.base import Described, Id, Line, Positive, Strict, Text

ATLAS_PATTERN = r"^AML\.T[0-9]{4}(\.[0-9]{3})?$"
AtlasId = Annotated[str, StringConstraints(pattern=ATLAS_PATTERN)]
"""A MITRE ATLAS technique."""


class MinimumLayers(Strict):
    """How many layers of mitigation are wanted, per audience."""

    internal: Positive = 2
    """For internal deployments."""
    trusted_testers: Annotated[Positive, Field(alias="trusted-testers")] = 2
    """For those of trusted testers."""
    external: Positive = 2
    """For external ones."""


class ThreatModel(Described):
    """What the mitigations that name it are meant to prevent."""

    actor: Line | None = None
    """Who could do the harm."""
    resources: Line | None = None
    """What they have: money, time, access, skill."""
    pathway: Text | None = None
    """By which path, in words that help nobody to follow it."""
    outcome: Text | None = None
    """What harm would come of it."""
    risk_domain: Line | None = None
    """The kind of risk."""
    atlas: tuple[AtlasId, ...] = ()
    """MITRE ATLAS techniques."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments where it applies; none means all."""
    minimum_layers: MinimumLayers = MinimumLayers.model_construct()
    """How many layers of mitigation it should meet."""
