"""CoSAI risk map: YAML lists of controls and risks, which name each other."""

from collections.abc import Mapping, Sequence
from typing import Final

from reassay.imports.documents import DocumentEntry, flattened, text_of_scalar
from reassay.imports.recipes.base import (
    APACHE,
    CatalogueFiles,
    CatalogueLicence,
    KeyRule,
    PublishedCatalogue,
    Recipe,
    cited,
    each_piece,
    kebab,
    merged,
    required,
    strings,
    with_keys,
)

NAME: Final = "cosai-risk-map"
_TITLE: Final = "CoSAI risk map"
_REPOSITORY: Final = "https://github.com/cosai-oasis/secure-ai-tooling"
_FOLDER: Final = "risk-map/yaml"
_ATLAS: Final = "https://atlas.mitre.org"


def _read(files: CatalogueFiles) -> PublishedCatalogue:
    controls_file, risks_file = f"{_FOLDER}/controls.yaml", f"{_FOLDER}/risks.yaml"
    required(files, controls_file, NAME)
    required(files, risks_file, NAME)
    controls, risks = files.entries(controls_file, "controls"), files.entries(risks_file, "risks")
    links = _links(controls, risks)
    mitigations = [
        with_keys(_entry(entry, "controls", _categories(files, controls_file)), risks=links.get(_id(entry), ""))
        for entry in controls
    ]
    threat_models = [_entry(entry, "risks", _categories(files, risks_file)) for entry in risks]
    return PublishedCatalogue("", tuple(mitigations), tuple(threat_models))


def _id(entry: DocumentEntry) -> str:
    return text_of_scalar(entry.data.get("id"))


def _links(controls: Sequence[DocumentEntry], risks: Sequence[DocumentEntry]) -> Mapping[str, str]:
    """The risks of each control, stated on either side; `all` is every risk."""
    every = [_id(risk) for risk in risks]
    links = {}
    for control in controls:
        own = list(strings(control.data.get("risks")))
        stated = every if own == ["all"] else [risk for risk in own if risk != "none"]
        named = [_id(risk) for risk in risks if _id(control) in strings(risk.data.get("controls"))]
        links[_id(control)] = each_piece(merged(stated, named), kebab)
    return links


def _categories(files: CatalogueFiles, path: str) -> Mapping[str, str]:
    categories = files.document(path).get("categories")
    rows = [row for row in categories if isinstance(row, dict)] if isinstance(categories, list) else []
    return {text_of_scalar(row.get("id")): text_of_scalar(row.get("title")) for row in rows}


def _entry(entry: DocumentEntry, file: str, categories: Mapping[str, str]) -> DocumentEntry:
    data: dict[str, object] = dict(flattened(entry.data))
    published, category = _id(entry), text_of_scalar(data.get("category"))
    label = categories.get(category, "")
    if category and file == "controls":
        data["category"] = f"{category}: {label}" if label else category
    elif category:
        data["category"] = label or category
    for key in [key for key in data if key.startswith("mappings.")]:
        data[key] = each_piece(text_of_scalar(data[key]), _unversioned)
    atlas = text_of_scalar(data.get("mappings.mitre-atlas"))
    if file == "controls":
        data["mappings.mitre-atlas"] = each_piece(atlas, lambda name: cited(name, f"{_ATLAS}/{_page(name)}/{name}"))
    data["id"] = kebab(published)
    return with_keys(
        DocumentEntry(entry.place, {key: value for key, value in data.items() if value}),
        published_as=cited(published, f"{_REPOSITORY}/blob/main/{_FOLDER}/{file}.yaml"),
    )


def _unversioned(published: str) -> str:
    return published.partition("@")[0]


def _page(atlas_id: str) -> str:
    return "mitigations" if atlas_id.startswith("AML.M") else "techniques"


RECIPE = Recipe(
    NAME,
    _TITLE,
    _REPOSITORY,
    "controls; risks as threat models, and the links between them from either side",
    CatalogueLicence(
        "Apache-2.0", "Coalition for Secure AI (CoSAI)", "https://www.apache.org/licenses/LICENSE-2.0", APACHE
    ),
    "LICENSE.md",
    "Apache License Version 2.0",
    "18ab1ef",
    _read,
    (
        KeyRule("id", "id"),
        KeyRule("title", "title"),
        KeyRule("description", "description"),
        KeyRule("category", "taxonomy", _TITLE),
        KeyRule("risks", "threat_models"),
        KeyRule("published as", "references", _TITLE),
        KeyRule("mappings.mitre-atlas", "references", "MITRE ATLAS"),
        KeyRule("mappings.nist-ai-rmf", "standards", "NIST AI RMF"),
        KeyRule("mappings.owasp-top10-llm", "references", "OWASP Top 10 for LLM"),
        KeyRule("mappings.iso-22989", "standards", "ISO/IEC 22989"),
        KeyRule("mappings.eu-ai-act", "references", "EU AI Act"),
    ),
    (
        KeyRule("id", "id"),
        KeyRule("title", "title"),
        KeyRule("shortDescription", "description"),
        KeyRule("category", "risk_domain"),
        KeyRule("published as", "references", _TITLE),
        KeyRule("mappings.mitre-atlas", "atlas"),
        KeyRule("mappings.stride", "references", "STRIDE"),
        KeyRule("mappings.owasp-top10-llm", "references", "OWASP Top 10 for LLM"),
        KeyRule("mappings.nist-ai-rmf", "references", "NIST AI RMF"),
        KeyRule("mappings.eu-ai-act", "references", "EU AI Act"),
        KeyRule("controls", None, why="it is the same link as the controls' own, and was added to theirs"),
    ),
)
