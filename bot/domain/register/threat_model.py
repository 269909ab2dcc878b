"""A threat model: who could do what harm, by which path, with what means."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.register.base import Described, Line, Positive, Strict, Text

ATLAS_PATTERN = r"^AML\.T[0-9]{4}(\.[0-9]{3})?$"
AtlasId = Annotated[str, StringConstraints(pattern=ATLAS_PATTERN)]
"""A MITRE ATLAS technique."""


class MinimumLayers(Strict):
    """How many layers of mitigation are wanted, per audience."""

    internal: Positive = 2
    trusted_testers: Annotated[Positive, Field(alias="trusted-testers")] = 2
    external: Positive = 2


class ThreatModel(Described):
    """What the mitigations that name it are meant to prevent."""

    actor: Line | None = None
    resources: Line | None = None
    pathway: Text | None = None
    outcome: Text | None = None
    risk_domain: Line | None = None
    atlas: tuple[AtlasId, ...] = ()
    minimum_layers: MinimumLayers = MinimumLayers()
