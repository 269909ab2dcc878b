"""Catalogues of OSCAL as rows: one control each, enhancements too. The rest of a control is in columns without a field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reassay.imports.oscal.models import CatalogControl, ControlGroup, OscalCatalog, Parameter, Prose
from reassay.imports.oscal.prose import by_id, label_of, param_text, written

HEADER: Final = (
    "id", "title", "description", "status", "standards", "group", "guidance", "assessment", "other parts", "parameters",
    "links", "properties",
)  # fmt: skip
_NIST = re.compile(r"800-53(?![AB])", re.IGNORECASE)
_GUIDANCE: Final = frozenset({"guidance", "discussion", "gdn", "supplemental-guidance"})
_READ_PROPERTIES: Final = frozenset({"label", "status", "sort-id"})


def catalogue_name(title: str) -> str:
    """The name under which a register cites a catalogue, on one line and without the signs that separate entries of a cell."""
    if _NIST.search(title):
        return "NIST-800-53"
    return re.sub(r"\s*[:;]\s*", " - ", " ".join(title.split())) or "OSCAL catalogue"


def catalog_rows(catalog: OscalCatalog) -> Iterator[tuple[str, ...]]:
    """The cells of each control, in order."""
    placed = [("", control) for control in catalog.controls]
    placed += [pair for group in catalog.groups for pair in _in_group(group, ())]
    params = by_id(
        [*catalog.params, *_group_params(catalog.groups), *(param for _, own in placed for param in own.params)]
    )
    name = catalogue_name(catalog.metadata.title)
    for group, control in placed:
        yield _cells(control, group, name, params)


def _in_group(group: ControlGroup, above: tuple[str, ...]) -> Iterator[tuple[str, CatalogControl]]:
    path = (*above, group.title or group.id)
    for control in group.controls:
        yield from ((" / ".join(path), one) for one in _with_enhancements(control))
    for inner in group.groups:
        yield from _in_group(inner, path)


def _with_enhancements(control: CatalogControl) -> Iterator[CatalogControl]:
    yield control
    for enhancement in control.controls:
        yield from _with_enhancements(enhancement)


def _group_params(groups: Iterable[ControlGroup]) -> Iterator[Parameter]:
    for group in groups:
        yield from group.params
        yield from _group_params(group.groups)


def _cells(control: CatalogControl, group: str, catalogue: str, params: Mapping[str, Parameter]) -> tuple[str, ...]:
    statements, guidance, assessment, others = _sorted_parts(control.parts)
    label = label_of(control.props) or control.id
    status = next((prop.value for prop in control.props if prop.name == "status"), "")
    properties = [f"{prop.name}: {prop.value}" for prop in control.props if prop.name not in _READ_PROPERTIES]
    return (
        control.id,
        control.title,
        written(statements, params),
        status,
        f"{catalogue}: {label}",
        group,
        written(guidance, params),
        written(assessment, params),
        written(others, params),
        "\n".join(param_text(param, params) for param in control.params),
        "\n".join(f"{link.rel} {link.href}".strip() for link in control.links),
        "\n".join(properties),
    )


def _sorted_parts(parts: Iterable[Prose]) -> tuple[list[Prose], list[Prose], list[Prose], list[Prose]]:
    """Statements, guidance, assessment and other parts. Without a statement, the other parts are the description."""
    statements, guidance, assessment, others = [], [], [], []
    for part in parts:
        name = part.name.casefold()
        if name == "statement":
            statements.append(part)
        elif name in _GUIDANCE:
            guidance.append(part)
        elif name.startswith(("assessment", "objective")):
            assessment.append(part)
        else:
            others.append(part)
    return (statements, guidance, assessment, others) if statements else (others, guidance, assessment, [])
