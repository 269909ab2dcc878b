"""FINOS AI governance framework: a folder of Markdown files each for mitigations and risks."""

from collections.abc import Mapping
from typing import Final

from reassay.imports.documents import BODY, DocumentEntry, text_of_scalar
from reassay.imports.markdown_text import opening_section
from reassay.imports.recipes.base import (
    CC_BY,
    CatalogueFiles,
    CatalogueLicence,
    CitedAddresses,
    KeyRule,
    PublishedCatalogue,
    Recipe,
    each_piece,
    required,
    strings,
    with_keys,
)

NAME: Final = "finos-aigf"
_SITE: Final = "https://air-governance-framework.finos.org"
_CITED: Final[Mapping[str, str]] = {
    "eu-ai-act": "EU AI Act",
    "owasp-llm": "OWASP Top 10 for LLM",
    "owasp-ml": "OWASP Machine Learning Security Top 10",
    "ffiec-itbooklets": "FFIEC IT Examination Handbook",
    "nist-ai-600-1": "NIST AI 600-1",
    "canada-regulations": "Canadian regulations",
    "sr11-7": "SR 11-7",
}
"""Lists of references in the framework -> name of the publication."""
_STANDARDS: Final[Mapping[str, str]] = {"nist-sp-800-53r5": "NIST-800-53", "iso-42001": "ISO/IEC 42001"}
_CONTROLS: Final[Mapping[str, str]] = {"PREV": "preventive", "DET": "detective"}
_DOMAINS: Final[Mapping[str, str]] = {"RC": "Regulatory and compliance", "OP": "Operational", "SEC": "Security"}
_WEBSITE: Final = "only the website needs it"


def _read(files: CatalogueFiles) -> PublishedCatalogue:
    addresses = {name: _addresses(files, name) for name in _CITED}
    mitigations = [
        _entry(entry, "mitigations", addresses)
        for path in required(files, "docs/_mitigations/*.md", NAME)
        for entry in files.entries(path)
    ]
    risks = [
        _entry(entry, "risks", addresses)
        for path in required(files, "docs/_risks/*.md", NAME)
        for entry in files.entries(path)
    ]
    files.note("'body': only its first section was read; the whole text is at the address under `references`.")
    version = files.document("docs/_config.yml").get("version")
    return PublishedCatalogue(text_of_scalar(version), tuple(mitigations), tuple(risks))


def _addresses(files: CatalogueFiles, name: str) -> CitedAddresses:
    entries = files.document(f"docs/_data/references/{name}.yml").get("entries")
    rows = entries.items() if isinstance(entries, dict) else ()
    return CitedAddresses(
        {key: row["url"] for key, row in rows if isinstance(row, dict) and isinstance(row.get("url"), str)}
    )


def _entry(entry: DocumentEntry, collection: str, addresses: Mapping[str, CitedAddresses]) -> DocumentEntry:
    # `mi-10_ai-model-version-pinning` is linked as `mi-10` and shown as AIR-PREV-010.
    data = dict(entry.data)
    for name, known_addresses in addresses.items():
        if cited_ids := list(strings(data.get(f"{name}_references"))):
            data[f"{name}_references"] = "; ".join(map(known_addresses.cite, cited_ids))
    for name in _STANDARDS:
        if controls := list(strings(data.get(f"{name}_references"))):
            data[f"{name}_references"] = each_piece("; ".join(controls), _control)
    kind, number = text_of_scalar(data.get("type")), text_of_scalar(data.get("sequence"))
    data["type"] = (_CONTROLS if collection == "mitigations" else _DOMAINS).get(kind, kind)
    published = f"AIR-{kind}-{number:0>3} <{_SITE}/{collection}/{entry.stem}.html>"
    return with_keys(
        DocumentEntry(entry.place, data, body=""),
        id=entry.stem.partition("_")[0],
        published_as=published,
        **{BODY: opening_section(entry.body)},
    )


def _control(published: str) -> str:
    """`A-6-2-3` of ISO/IEC 42001 as A.6.2.3, `cm-2` of NIST SP 800-53 as CM-2."""
    letters, _, rest = published.partition("-")
    return published.replace("-", ".") if letters == "A" and rest else published.upper()


RECIPE = Recipe(
    NAME,
    "FINOS AI governance framework",
    "https://github.com/finos/ai-governance-framework",
    "mitigations; risks as threat models, and the links between them",
    CatalogueLicence("CC-BY-4.0", "FINOS", "https://creativecommons.org/licenses/by/4.0/", CC_BY),
    "LICENSE",
    "Attribution 4.0 International",
    "v2, 78e0aed",
    _read,
    (
        KeyRule("id", "id"),
        KeyRule("title", "title"),
        KeyRule(BODY, "description"),
        KeyRule("type", "kind_of_control"),
        KeyRule("mitigates", "threat_models"),
        KeyRule("related_mitigations", "related"),
        KeyRule("published as", "references", "FINOS AI governance framework"),
        *(KeyRule(f"{name}_references", "standards", source) for name, source in _STANDARDS.items()),
        *(KeyRule(f"{name}_references", "references", source) for name, source in _CITED.items()),
        KeyRule("layout", None, why=_WEBSITE),
        KeyRule("sequence", None, why=_WEBSITE),
    ),
    (
        KeyRule("id", "id"),
        KeyRule("title", "title"),
        KeyRule(BODY, "description"),
        KeyRule("type", "risk_domain"),
        KeyRule("related_risks", "related"),
        KeyRule("published as", "references", "FINOS AI governance framework"),
        *(KeyRule(f"{name}_references", "references", source) for name, source in {**_CITED, **_STANDARDS}.items()),
        KeyRule("layout", None, why=_WEBSITE),
        KeyRule("sequence", None, why=_WEBSITE),
    ),
)
