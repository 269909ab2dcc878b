"""Verification standards of OWASP: tables of requirements in Markdown chapters, a folder a version."""

from collections.abc import Callable
from typing import Final

from reassay.common.errors import UsageError
from reassay.imports.recipes.base import (
    CC_BY_SA,
    CatalogueFiles,
    CatalogueLicence,
    KeyRule,
    PublishedCatalogue,
    Recipe,
    cited,
    kebab,
)
from reassay.imports.recipes.requirement_tables import entry_of, newest, requirements

_LICENCE: Final = "https://creativecommons.org/licenses/by-sa/4.0/"


def _reader(name: str, short: str, chapters: str, repository: str) -> Callable[[CatalogueFiles], PublishedCatalogue]:
    def read(files: CatalogueFiles) -> PublishedCatalogue:
        paths = files.matching(f"*/en/{chapters}")
        version = newest(tuple(path.partition("/")[0] for path in paths))
        if not version:
            remedy = "Give the folder of a checkout of its repository; see `reassay import --recipe list`."
            raise UsageError(f"there is no */en/{chapters} here.", where=f"--recipe {name}", remedy=remedy)
        entries = [
            entry_of(row, kebab(f"{short}-{row.number}"), cited(row.number, f"{repository}/blob/main/{path}"))
            for path in paths
            if path.startswith(f"{version}/")
            for row in requirements(path, files.text(path))
        ]
        return PublishedCatalogue(version, tuple(entries))

    return read


def verification_standard(name: str, short: str, chapters: str, tried: str) -> Recipe:
    """The recipe of the standard in OWASP/`short`; `chapters` is the pattern of its files with requirements."""
    title = f"OWASP {short}"
    repository = f"https://github.com/OWASP/{short}"
    return Recipe(
        name,
        title,
        repository,
        "requirements of the newest published version, with their sections",
        CatalogueLicence("CC-BY-SA-4.0", "OWASP Foundation", _LICENCE, CC_BY_SA),
        "LICENSE.md",
        "Attribution-ShareAlike 4.0 International",
        tried,
        _reader(name, short, chapters, repository),
        (
            KeyRule("id", "id"),
            KeyRule("requirement", "title"),
            KeyRule("whole requirement", "description"),
            KeyRule("section", "taxonomy", title),
            KeyRule("level", "taxonomy", f"{title} level"),
            KeyRule("published as", "references", title),
        ),
    )
