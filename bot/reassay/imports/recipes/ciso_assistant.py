"""Libraries of CISO Assistant: one YAML file a framework, each under the licence of whoever published the framework."""

from collections.abc import Iterator, Mapping
from typing import Final

from reassay.common.errors import UsageError
from reassay.imports.documents import DocumentEntry, flattened, text_of_scalar
from reassay.imports.recipes.base import (
    CatalogueFiles,
    CatalogueLicence,
    KeyRule,
    PublishedCatalogue,
    Recipe,
    cited,
    kebab,
    strings,
    title_and_text,
    with_keys,
)
from reassay.imports.recipes.stated_licences import judged

NAME: Final = "ciso-assistant"
_NO_ENTRIES: Final = "Give the file of one library with a framework or reference controls."
_SIGN: Final = "it is the numbering inside the library"


def _read(files: CatalogueFiles) -> PublishedCatalogue:
    paths = files.matching("*.y*ml")
    if len(paths) != 1:
        raise UsageError("this is not one library.", where=f"--recipe {NAME}", remedy=_NO_ENTRIES)
    path = paths[0]
    library = files.document(path)
    name = text_of_scalar(library.get("name")) or path
    nodes = (
        *files.entries(path, "objects.framework.requirement_nodes"),
        *files.entries(path, "objects.frameworks.requirement_nodes"),
    )
    threats = files.entries(path, "objects.threats")
    titles = {_urn(node): _heading(node) for node in nodes}
    by_urn = {_urn(threat): _identity(threat) for threat in threats}
    controls = files.entries(path, "objects.reference_controls")
    mitigations = [
        _entry(node, titles, by_urn)
        for node in (*nodes, *controls)
        if node in controls or node.data.get("assessable") is True
    ]
    if not mitigations:
        raise UsageError("it has no requirements and no controls.", where=path, remedy=_NO_ENTRIES)
    if headed := len(nodes) + len(controls) - len(mitigations):
        heading = "1 heading of the framework is" if headed == 1 else f"{headed} headings of the framework are"
        files.note(f"{heading} not imported, but kept under `taxonomy` of what is below.")
    copyright_text = " ".join(text_of_scalar(library.get("copyright")).split())
    verdict = judged(copyright_text)
    licence = CatalogueLicence(verdict.name, text_of_scalar(library.get("provider")), asks=verdict.asks)
    return PublishedCatalogue(
        f"(library version {text_of_scalar(library.get('version')) or 'not stated'})",
        tuple(mitigations),
        tuple(_entry(threat, {}, {}) for threat in threats),
        licence,
        verdict.not_permitted,
        name,
    )


def _urn(entry: DocumentEntry) -> str:
    return text_of_scalar(entry.data.get("urn")).casefold()


def _identity(entry: DocumentEntry) -> str:
    return kebab(text_of_scalar(entry.data.get("ref_id"))) or kebab(_urn(entry).rpartition(":")[2])


def _heading(node: DocumentEntry) -> str:
    code, name = text_of_scalar(node.data.get("ref_id")), text_of_scalar(node.data.get("name"))
    return f"{code}: {name}" if code and name else name or code


def _entry(entry: DocumentEntry, titles: Mapping[str, str], threats: Mapping[str, str]) -> DocumentEntry:
    data: dict[str, object] = dict(flattened(_without_urns(entry.data)))
    title = text_of_scalar(data.get("name"))
    description = text_of_scalar(data.get("description"))
    if not title:
        title, data["description"] = title_and_text(description)
    code = text_of_scalar(data.get("ref_id")) or _urn(entry).rpartition(":")[2]
    parent = titles.get(text_of_scalar(data.get("parent_urn")).casefold(), "")
    named = [threats.get(urn.casefold(), urn) for urn in strings(entry.data.get("threats"))]
    data |= {"name": title, "threats": "; ".join(named), "section": parent, "id": _identity(entry)}
    return with_keys(
        DocumentEntry(entry.place, {key: value for key, value in data.items() if value}), published_as=cited(code)
    )


def _without_urns(data: Mapping[str, object]) -> Mapping[str, object]:
    """The keys with `questions` as a list: the library numbers each question with a URN of its own."""
    questions = data.get("questions")
    return {**data, "questions": list(questions.values())} if isinstance(questions, dict) else data


def _rules(*more: KeyRule) -> Iterator[KeyRule]:
    yield KeyRule("id", "id")
    yield KeyRule("name", "title")
    yield KeyRule("description", "description")
    yield KeyRule("published as", "references", "")
    yield from more
    yield from (KeyRule(key, None, why=_SIGN) for key in ("urn", "ref_id", "depth", "assessable", "parent_urn"))


RECIPE = Recipe(
    NAME,
    "library of CISO Assistant",
    "https://github.com/intuitem/ciso-assistant-community",
    "one library file: requirements that can be assessed, reference controls; threats as threat models",
    CatalogueLicence("stated in each library", "its publisher"),
    "",
    "",
    "f990d7b",
    _read,
    tuple(_rules(KeyRule("section", "taxonomy", ""), KeyRule("threats", "threat_models"))),
    tuple(_rules()),
)
