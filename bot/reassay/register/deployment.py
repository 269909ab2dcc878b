"""Deployments: a model made available with one set of modalities to one audience."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from reassay.register.base import Day, Described, Id, Line, Positive, Strict, Text
from reassay.register.observed_paths import ObservedPath


class Audience(StrEnum):
    """Who can reach it, from narrow to wide."""

    INTERNAL = "internal"
    TRUSTED_TESTERS = "trusted-testers"
    EXTERNAL = "external"


class Access(StrEnum):
    """The form of access to the model."""

    APP = "app"
    API = "api"
    FINE_TUNING = "fine-tuning"
    WEIGHTS = "weights"
    ON_PREMISES = "on-premises"


class Modality(StrEnum):
    """A modality of input or output."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    CODE = "code"
    ACTION = "action"


class Affordance(StrEnum):
    """A capability of the model beyond answering."""

    BROWSING = "browsing"
    CODE_EXECUTION = "code-execution"
    TOOL_USE = "tool-use"
    COMPUTER_USE = "computer-use"
    AGENTS = "agents"
    PHYSICAL_CONTROL = "physical-control"
    MEMORY = "memory"


class Exemption(Strict):
    """A group of users exempted from a safeguard."""

    group: Line
    """Who is exempted."""
    safeguard: Id
    """Id of the mitigation they are exempted from."""
    reason: Text
    """Why, and under what conditions."""


class PreauthorisedChange(Strict):
    """A change authorised in advance, if it follows a protocol and is made in time."""

    change: Line
    """What may change, for example `regions: add NO`."""
    protocol: Text
    """How the change must be made."""
    expires: Day
    """The last day on which it may be made."""


class PlannedChange(Strict):
    """A change that is declared and assessed before its release."""

    change: Line
    """What will change, for example `modalities_in: add audio`."""
    not_before: Day
    """The first day on which it may be released."""


class Deployment(Described):
    """Where a model is made available, how, and to whom."""

    audience: Audience
    """Who can reach it."""
    access: Annotated[tuple[Access, ...], Field(min_length=1)] = (Access.APP,)
    """Forms of access to the model."""
    modalities_in: tuple[Modality, ...] = (Modality.TEXT,)
    """Input modalities."""
    modalities_out: tuple[Modality, ...] = (Modality.TEXT,)
    """Output modalities."""
    affordances: tuple[Affordance, ...] = ()
    """What it can do beyond answering."""
    oversight: Text | None = None
    """Who or what watches it while it runs."""
    model: Line | None = None
    """Name and version of the model it runs."""
    system_prompt_digest: Line | None = None
    """Digest of the system prompt, so that a change is seen and the text is not."""
    languages: tuple[Line, ...] = ()
    """Languages it is offered in."""
    regions: tuple[Line, ...] = ()
    """Where it is offered."""
    age_policy: Line | None = None
    """Who may use it, by age."""
    rate_limit: Line | None = None
    """How much one account may use it."""
    context_tokens: Positive | None = None
    """Size of the context, in tokens."""
    users: Line | None = None
    """A band, for example `1k-10k`."""
    rollout_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    """Share of its audience that has it, 0 to 100."""
    host: Line | None = None
    """Where it runs."""
    integrations: tuple[Line, ...] = ()
    """Products and partners it is built into."""
    domain: Line | None = None
    """A regulated domain, for example `health`."""
    safeguard_exemptions: tuple[Exemption, ...] = ()
    """Groups that a safeguard does not apply to."""
    preauthorised_changes: tuple[PreauthorisedChange, ...] = ()
    """Changes that were agreed to beforehand."""
    planned: tuple[PlannedChange, ...] = ()
    """Changes that are declared early and not switched on yet."""
    since: Day | None = None
    """When it was made available."""
    observed: Annotated[tuple[ObservedPath, ...], Field(max_length=50)] = ()
    """Places in product repositories that say what it really is; a difference fires `drift`."""
