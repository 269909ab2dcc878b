"""The parts of OSCAL documents that an import reads. Further keys are kept by name, so that they can be listed."""

import re
from collections import Counter
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field


class OscalPart(BaseModel):
    """Base of the models. Keys are those of OSCAL, with hyphens."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        populate_by_name=True,
    )


class Property(OscalPart):
    """A property, for example a label or a status."""

    name: str
    value: str = ""
    class_: str = ""


class Link(OscalPart):
    """A link to another control (`#ac-3`), a resource or a page."""

    href: str
    rel: str = ""


class ControlSelection(OscalPart):
    """The choices of a parameter."""

    how_many: str = ""
    choice: tuple[str, ...] = ()


class Parameter(OscalPart):
    """A parameter that prose inserts."""

    id: str
    label: str = ""
    values: tuple[str, ...] = ()
    select: ControlSelection | None = None
    props: tuple[Property, ...] = ()


class Prose(OscalPart):
    """A part of a control with text: its statement, guidance, assessment objectives."""

    name: str = ""
    title: str = ""
    prose: str = ""
    props: tuple[Property, ...] = ()
    parts: "tuple[Prose, ...]" = ()


class CatalogControl(OscalPart):
    """A control, with its enhancements."""

    id: str
    title: str
    params: tuple[Parameter, ...] = ()
    props: tuple[Property, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Prose, ...] = ()
    controls: "tuple[CatalogControl, ...]" = ()


class ControlGroup(OscalPart):
    """A group of controls, which may have groups itself."""

    id: str = ""
    title: str = ""
    params: tuple[Parameter, ...] = ()
    groups: "tuple[ControlGroup, ...]" = ()
    controls: tuple[CatalogControl, ...] = ()


class OscalMetadata(OscalPart):
    """The title and the versions of a document."""

    title: str = ""
    version: str = ""


class ResourceLink(OscalPart):
    """One place of a resource."""

    href: str


class Resource(OscalPart):
    """A resource that links and sources name by its UUID."""

    uuid: str
    title: str = ""
    description: str = ""
    rlinks: tuple[ResourceLink, ...] = ()


class BackMatter(OscalPart):
    """The resources of a document."""

    resources: tuple[Resource, ...] = ()


class OscalCatalog(OscalPart):
    """A catalogue of controls."""

    metadata: OscalMetadata = Field(default_factory=OscalMetadata)
    params: tuple[Parameter, ...] = ()
    groups: tuple[ControlGroup, ...] = ()
    controls: tuple[CatalogControl, ...] = ()
    back_matter: BackMatter = Field(default_factory=BackMatter)


class ResponsibleRole(OscalPart):
    """A role that is responsible for something."""

    role_id: str


class SetParameter(OscalPart):
    """The values that an implementation gives to a parameter."""

    param_id: str
    values: tuple[str, ...] = ()


class ImplementedStatement(OscalPart):
    """How one statement of a control is implemented."""

    statement_id: str = ""
    description: str = ""
    responsible_roles: tuple[ResponsibleRole, ...] = ()


class ImplementedRequirement(OscalPart):
    """How one control is implemented."""

    control_id: str
    description: str = ""
    props: tuple[Property, ...] = ()
    links: tuple[Link, ...] = ()
    set_parameters: tuple[SetParameter, ...] = ()
    responsible_roles: tuple[ResponsibleRole, ...] = ()
    statements: tuple[ImplementedStatement, ...] = ()


class ControlImplementation(OscalPart):
    """How the controls of one catalogue or profile are implemented."""

    source: str = ""
    set_parameters: tuple[SetParameter, ...] = ()
    implemented_requirements: tuple[ImplementedRequirement, ...] = ()


class OscalComponent(OscalPart):
    """A component or a capability, with the controls that it implements."""

    title: str = ""
    name: str = ""
    """The name of a capability, which has no title."""
    responsible_roles: tuple[ResponsibleRole, ...] = ()
    control_implementations: tuple[ControlImplementation, ...] = ()


class ComponentDefinition(OscalPart):
    """Components and capabilities."""

    metadata: OscalMetadata = Field(default_factory=OscalMetadata)
    components: tuple[OscalComponent, ...] = ()
    capabilities: tuple[OscalComponent, ...] = ()
    back_matter: BackMatter = Field(default_factory=BackMatter)


ALWAYS_THERE = frozenset({"uuid", "id", "remarks", "class", "ns", "last-modified", "oscal-version", "published"})
"""Keys that say nothing about a mitigation."""


def keys_not_read(model: OscalPart) -> Counter[str]:
    """The keys of a document that no model has, such as `component: protocols`, with their numbers."""
    return Counter(_extra(model))


def _extra(model: OscalPart) -> Iterator[str]:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(model).__name__.removeprefix("Oscal")).lower()
    yield from (f"{words}: {key}" for key in model.model_extra or {} if key not in ALWAYS_THERE)
    for name in type(model).model_fields:
        value = getattr(model, name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, OscalPart):
                yield from _extra(inner)
