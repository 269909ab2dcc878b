"""Component definitions of OSCAL as rows: each implemented requirement is one, with the control that it implements."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reassay.imports.oscal.catalogs import catalogue_name
from reassay.imports.oscal.models import (
    BackMatter,
    ComponentDefinition,
    ControlImplementation,
    ImplementedRequirement,
    OscalComponent,
    ResponsibleRole,
    SetParameter,
)
from reassay.imports.oscal.prose import inserted

HEADER: Final = (
    "id", "title", "description", "owner", "status", "standards", "component", "further roles", "parameters", "links",
    "properties",
)  # fmt: skip
_NIST_CONTROL = re.compile(r"([a-z]{2}-\d+)(?:\.(\d+))?")
_STATUS: Final = "implementation-status"


def component_rows(document: ComponentDefinition) -> Iterator[tuple[str, ...]]:
    """The cells of each implemented requirement, in order."""
    sources = _titles(document.back_matter)
    for component in (*document.components, *document.capabilities):
        for implementation in component.control_implementations:
            catalogue = catalogue_name(sources.get(implementation.source) or _last_part(implementation.source))
            for requirement in implementation.implemented_requirements:
                yield _cells(component, implementation, requirement, catalogue)


def _titles(back: BackMatter) -> Mapping[str, str]:
    """What a source `#UUID` stands for: the title of its resource, else its description or its first place."""
    return {
        f"#{resource.uuid}": resource.title
        or resource.description
        or next((_last_part(link.href) for link in resource.rlinks), "")
        for resource in back.resources
    }


def _last_part(href: str) -> str:
    """The name of a file without its suffix: `profile` of `https://example.org/a/profile.json?raw`."""
    name = href.partition("?")[0].rstrip("/").rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _cells(
    component: OscalComponent,
    implementation: ControlImplementation,
    requirement: ImplementedRequirement,
    catalogue: str,
) -> tuple[str, ...]:
    title = component.title or component.name
    control = _control(requirement.control_id, catalogue)
    given = (*requirement.set_parameters, *implementation.set_parameters)
    owner, *further = _roles(component, requirement) or [""]
    status = next((prop.value for prop in requirement.props if prop.name == _STATUS), "")
    properties = [f"{prop.name}: {prop.value}" for prop in requirement.props if prop.name != _STATUS]
    return (
        f"{title} {requirement.control_id}",
        f"{title}: {control}",
        _description(requirement, given),
        owner,
        status,
        f"{catalogue}: {control}",
        title,
        "; ".join(further),
        "\n".join(f"{choice.param_id}: {', '.join(choice.values)}" for choice in given),
        "\n".join(f"{link.rel} {link.href}".strip() for link in requirement.links),
        "\n".join(properties),
    )


def _control(control: str, catalogue: str) -> str:
    """The control as people cite it: AC-2(1) for NIST's `ac-2.1`."""
    match = _NIST_CONTROL.fullmatch(control)
    if match is None or catalogue != "NIST-800-53":
        return control
    return f"{match[1].upper()}({match[2]})" if match[2] else match[1].upper()


def _roles(component: OscalComponent, requirement: ImplementedRequirement) -> list[str]:
    """The responsible roles: those of the requirement, else of its statements, else of the component."""
    in_statements = [role for statement in requirement.statements for role in statement.responsible_roles]
    for roles in (requirement.responsible_roles, in_statements, component.responsible_roles):
        if roles:
            return _names(roles)
    return []


def _names(roles: Iterable[ResponsibleRole]) -> list[str]:
    return list(dict.fromkeys(role.role_id for role in roles))


def _description(requirement: ImplementedRequirement, given: tuple[SetParameter, ...]) -> str:
    """The description and those of the statements."""
    texts = [inserted(requirement.description, {}, given)]
    for statement in requirement.statements:
        label = f"{statement.statement_id}: " if statement.statement_id and statement.description else ""
        texts.append(f"{label}{inserted(statement.description, {}, given)}")
    return "\n".join(text for text in texts if text)
