"""Report of an import of a public catalogue, and the table of recipes."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from reassay.common.sentences import names
from reassay.imports.catalogue_import import (
    CatalogueComparison,
    GoneEntry,
    ImportedCatalogue,
    PresentEntry,
    words_of_kind,
)
from reassay.imports.recipes import RECIPES
from reassay.imports.recipes.base import CatalogueLicence, PublishedCatalogue, Recipe
from reassay.imports.spreadsheet import UnreadableDocument
from reassay.imports.views.report import import_lines, section
from reassay.register.finding import inert, quoted
from reassay.register.register import in_words

_WIDTH: Final = 80
NO_INTERVAL: Final = "No interval is in the catalogue: once assessed, none will ever come due until you give `every`."


def title_of(recipe: Recipe, catalogue: PublishedCatalogue) -> str:
    """The catalogue with its version: `MITRE ATLAS 5.6.0`."""
    return inert(" ".join(filter(None, [catalogue.source or recipe.title, catalogue.version])))


def head_lines(recipe: Recipe, catalogue: PublishedCatalogue, licence: CatalogueLicence) -> Iterator[str]:
    """Comments at the top of the written file: source, licence and what was changed."""
    yield f"From {title_of(recipe, catalogue)}, {recipe.repository}"
    yield _licence(licence)
    yield "Changed: ids are in kebab-case (the published ones are under `references`), keys became fields of a register,"
    yield "and keys without a field were left out. The person who imported it named the owner."


def _licence(licence: CatalogueLicence) -> str:
    address = f" <{licence.url}>" if licence.url else ""
    holder = f", {inert(licence.holder)}" if licence.holder else ""
    return f"Licence: {inert(licence.name)}{address}{holder}. {licence.asks}".rstrip()


def licence_lines(licence: CatalogueLicence, doubt: str) -> Iterator[str]:
    """Lines about the licence; `doubt` is why it may be another one."""
    yield f"  {_licence(licence)}"
    if doubt:
        yield f"  Warning: {inert(doubt)}"


def catalogue_lines(
    imported: ImportedCatalogue, notes: Sequence[str], unreadable: Sequence[UnreadableDocument], *, quiet: bool
) -> Iterator[str]:
    """Lines of the report about what is new, present and gone, and about keys."""
    yield from (f"  {note}" for note in notes)
    if imported.mitigations is not None and any(row.mitigation.every is None for row in imported.mitigations.taken):
        yield f"  {NO_INTERVAL}"
    yield from section("Documents not read", [f"{file.place}: {file.why}. {file.remedy}" for file in unreadable])
    yield from _compared(imported.comparison)
    if imported.mitigations is not None and imported.mitigation_sheet is not None:
        new = imported.mitigations
        yield from ("", f"-- {words_of_kind('mitigation', len(new.taken))} --")
        yield from import_lines(imported.mitigation_sheet, new.layout, new.unused, new.notes, quiet=quiet)
    if imported.threat_models is not None and imported.threat_model_sheet is not None:
        threats = imported.threat_models
        yield from ("", f"-- {words_of_kind('threat-model', len(threats.rows))} --")
        yield from import_lines(imported.threat_model_sheet, threats.layout, threats.unused, threats.notes, quiet=quiet)


def _compared(comparison: CatalogueComparison) -> Iterator[str]:
    changed = [entry for entry in comparison.present if entry.changed]
    same = [entry for entry in comparison.present if not entry.changed]
    yield from section(
        "Gone from the catalogue; they stay in your register", [_gone(entry) for entry in comparison.gone]
    )
    yield from section(
        "Title differs from your register, which was left as it is", [_changed(entry) for entry in changed]
    )
    if same:
        yield ""
        yield f"Already in your register, so skipped ({len(same)})"
        ids = ", ".join(entry.identity for entry in same)
        yield from wrap(ids, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _gone(entry: GoneEntry) -> str:
    return f"{in_words(entry.kind)} {entry.identity} ({entry.at}), published as {quoted(entry.published)}."


def _changed(entry: PresentEntry) -> str:
    return f"{in_words(entry.kind)} {entry.identity} ({entry.at}): {quoted(entry.title)}, published as {quoted(entry.published)}."


def summary(imported: ImportedCatalogue) -> str:
    """What is new, in words: `23 mitigations and 23 threat models`; "" for nothing."""
    mitigations = len(imported.mitigations.taken) if imported.mitigations else 0
    threat_models = len(imported.threat_models.rows) if imported.threat_models else 0
    numbers = {"mitigation": mitigations, "threat-model": threat_models}
    return names(*(words_of_kind(kind, number) for kind, number in numbers.items() if number))


def recipe_lines() -> Iterator[str]:
    """The recipes for a terminal."""
    width = max(len(recipe.name) for recipe in RECIPES)
    for recipe in RECIPES:
        yield f"{recipe.name:<{width}}  {recipe.title}: {recipe.takes}"
        yield f"{'':<{width}}  {recipe.repository}; licence {recipe.licence.name}; tried on {recipe.tried}"
    yield ""
    yield "Check out the repository, then run `reassay import --recipe NAME CHECKOUT --owner ROLE`."
