"""Threat models: actor, resources, pathway and outcome of a harm."""

from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.register.base import Described, Id, Line, Positive, Strict, Text
from reassay.register.resources import StatedResources

ATLAS_PATTERN = r"^AML\.T[0-9]{4}(\.[0-9]{3})?$"
AtlasId = Annotated[str, StringConstraints(pattern=ATLAS_PATTERN)]
"""A MITRE ATLAS technique."""


class MinimumLayers(Strict):
    """The minimum number of layers of mitigation by audience."""

    internal: Positive = 2
    """For internal deployments."""
    trusted_testers: Annotated[Positive, Field(alias="trusted-testers")] = 2
    """For deployments to trusted testers."""
    external: Positive = 2
    """For external deployments."""


class ThreatModel(Described):
    """A harm that mitigations are meant to prevent."""

    actor: Line | None = None
    """Who could do the harm."""
    resources: StatedResources | None = None
    """Resources of the actor: hours, people, budget, access, expertise. Free text cannot be compared with what testers had."""
    pathway: Text | None = None
    """The pathway to the harm, without details that would help to follow it."""
    outcome: Text | None = None
    """The harm."""
    risk_domain: Line | None = None
    """The kind of risk."""
    atlas: tuple[AtlasId, ...] = ()
    """MITRE ATLAS techniques."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments where it applies; none means all."""
    minimum_layers: MinimumLayers = MinimumLayers.model_construct()
    """The minimum number of layers of mitigation."""
