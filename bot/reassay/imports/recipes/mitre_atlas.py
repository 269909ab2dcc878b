"""MITRE ATLAS: the mitigations of its YAML file, with the techniques that each counters."""

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
    required,
    with_keys,
)

NAME: Final = "mitre-atlas"
_TITLE: Final = "MITRE ATLAS"
_SITE: Final = "https://atlas.mitre.org"


def _read(files: CatalogueFiles) -> PublishedCatalogue:
    path = required(files, "dist/ATLAS.yaml", NAME)[0]
    version = text_of_scalar(files.document(path).get("version"))
    entries = files.entries(path, "matrices.mitigations")
    return PublishedCatalogue(version, tuple(_entry(entry) for entry in entries))


def _entry(entry: DocumentEntry) -> DocumentEntry:
    data: dict[str, object] = dict(flattened(entry.data))
    published = text_of_scalar(data.get("id"))
    data["id"] = kebab(published)
    techniques = text_of_scalar(data.get("techniques.id"))
    attack, address = (
        text_of_scalar(data.get("ATT&CK-reference.id")),
        text_of_scalar(data.pop("ATT&CK-reference.url", "")),
    )
    data["ATT&CK-reference.id"] = cited(attack, address) if attack else ""
    data["techniques.id"] = each_piece(techniques, lambda name: cited(name, f"{_SITE}/techniques/{name}"))
    return with_keys(
        DocumentEntry(entry.place, {key: value for key, value in data.items() if value}),
        published_as=cited(published, f"{_SITE}/mitigations/{published}"),
    )


RECIPE = Recipe(
    NAME,
    _TITLE,
    "https://github.com/mitre-atlas/atlas-data",
    "mitigations, with the techniques that they counter as references",
    CatalogueLicence("Apache-2.0", "MITRE", "https://www.apache.org/licenses/LICENSE-2.0", APACHE),
    "LICENSE",
    "Licensed under the Apache License, Version 2.0",
    "5.6.0, 8ee2c68",
    _read,
    (
        KeyRule("id", "id"),
        KeyRule("name", "title"),
        KeyRule("description", "description"),
        KeyRule("category", "taxonomy", "MITRE ATLAS category of mitigations"),
        KeyRule("published as", "references", _TITLE),
        KeyRule("techniques.id", "references", "MITRE ATLAS"),
        KeyRule("ATT&CK-reference.id", "references", "MITRE ATT&CK"),
        KeyRule("object-type", None, why="it is `mitigation` for all"),
    ),
)
