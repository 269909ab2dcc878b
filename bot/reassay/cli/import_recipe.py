"""reassay import --recipe: a public catalogue becomes a part of the register."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from reassay.cli.spreadsheet_options import open_folder, role_name

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from reassay.imports.catalogue_import import ImportedCatalogue
    from reassay.imports.files.catalogue_checkout import CatalogueCheckout
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.recipes.base import CatalogueLicence, PublishedCatalogue, Recipe
    from reassay.imports.row_reader import ImportOptions
    from reassay.register.register import Register

LIST = "list"
_NOT_OF_RECIPES = (
    "list",
    "header",
    "sheet",
    "encoding",
    "separator",
    "stubs",
    "audience",
    "fill_down",
    "map_file",
    "dates",
    "value",
)


def run_recipe(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if entries were left out or files could not be read. Raises UsageError if nothing can be written."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.imports.files.catalogue_checkout import CatalogueCheckout
    from reassay.imports.views.catalogue_report import recipe_lines

    if args.recipe == LIST:
        out.writelines(f"{line}\n" for line in recipe_lines())
        return 0
    recipe = _recipe(args.recipe)
    _refuse_others(args)
    if args.file is None:
        remedy = f"Check out {recipe.repository} and give its folder."
        raise UsageError("no checkout is given.", where=f"--recipe {recipe.name}", remedy=remedy)
    if args.owner is None:
        remedy = "Add --owner ROLE; you can change single ones in the file."
        raise UsageError("a catalogue names no owners.", where=f"--recipe {recipe.name}", remedy=remedy)
    root, register = open_folder(args.path)
    checkout = CatalogueCheckout.of(Path(args.file))
    catalogue = recipe.read(checkout)
    _refuse_licence(catalogue, args)
    return _import(args, out, err, _CatalogueSource(root, register, recipe, checkout, catalogue))


def _refuse_others(args: argparse.Namespace) -> None:
    from reassay.common.errors import UsageError
    from reassay.common.sentences import names

    given = [f"--{name.replace('_', '-')}" for name in _NOT_OF_RECIPES if getattr(args, name, None)]
    if given:
        message = f"{names(*given)} cannot be used with --recipe."
        raise UsageError(message, where="--recipe", remedy="Leave it out, or import a file without a recipe.")


def _recipe(name: str) -> "Recipe":
    from reassay.common.errors import UsageError
    from reassay.common.sentences import names
    from reassay.imports.recipes import RECIPES
    from reassay.register.finding import did_you_mean, quoted

    recipe = next((recipe for recipe in RECIPES if recipe.name == name), None)
    if recipe is None:
        every = [recipe.name for recipe in RECIPES]
        remedy = f"{did_you_mean(name, every)} Recipes are {names(*every)}; `--recipe list` describes them.".strip()
        raise UsageError(f"there is no recipe {quoted(name)}.", where="--recipe", remedy=remedy)
    return recipe


def _refuse_licence(catalogue: "PublishedCatalogue", args: argparse.Namespace) -> None:
    from reassay.common.errors import UsageError
    from reassay.register.finding import inert

    if not catalogue.not_permitted or args.licence_checked:
        return
    words = inert(catalogue.licence.name) if catalogue.licence else "none"
    message = f"its licence does not clearly allow to copy the texts: {catalogue.not_permitted}. It says: {words}."
    remedy = "If you have the right to use them, add --licence-checked."
    raise UsageError(message, where=inert(catalogue.source), remedy=remedy)


class _CatalogueSource:
    """The catalogue that was read, and the register that it goes into."""

    def __init__(
        self,
        root: "Path",
        register: "Register",
        recipe: "Recipe",
        checkout: "CatalogueCheckout",
        catalogue: "PublishedCatalogue",
    ) -> None:
        self.root, self.register, self.recipe, self.checkout, self.catalogue = (
            root,
            register,
            recipe,
            checkout,
            catalogue,
        )

    @property
    def licence(self) -> "CatalogueLicence":
        """The licence of its texts."""
        return self.catalogue.licence or self.recipe.licence

    def target(self, out: str | None, day: "date", *, force: bool) -> "ImportTarget":
        """The file for new entries: a file with the day in its name if there is one from an earlier import."""
        from reassay.imports.cell_text import slug
        from reassay.imports.files.import_target import ImportTarget

        name = slug(self.catalogue.source) or self.recipe.name
        target = ImportTarget.of(self.root, self.register, out, f"{name}.yml")
        if out is None and target.file.exists() and not force:
            return ImportTarget.of(self.root, self.register, None, f"{name}-{day}.yml")
        return target


def _import(args: argparse.Namespace, out: TextIO, err: TextIO, source: _CatalogueSource) -> int:
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.imports.catalogue_import import CatalogueChoices, import_catalogue
    from reassay.imports.columns import read_map
    from reassay.imports.headers import MITIGATIONS
    from reassay.imports.threat_models import THREAT_MODEL_FIELDS

    timezone = source.register.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    target = source.target(args.out, today, force=args.force)
    # Entries of the file that --force replaces do not count as present.
    others = target.register_with(None) if args.force else source.register
    fields = {**dict.fromkeys(THREAT_MODEL_FIELDS, ()), **MITIGATIONS}
    maps = tuple(read_map(text, fields) for text in args.map)
    choices = CatalogueChoices(_options(args, today), maps)
    imported = import_catalogue(source.catalogue, source.recipe, others, choices, source.checkout.digest)
    printed = args.dry_run or args.out == "-"
    text = _text(source, imported, today)
    if text and not printed:
        target.refuse_to_overwrite(force=args.force)
    after = target.checked(text) if text else source.register
    if text and printed:
        out.write(text)
    elif text:
        target.write(text)
    for line in _lines(source, imported, after, target if text else None, args):
        print(line, file=err if printed else out)
    left = bool(imported.mitigations and imported.mitigations.notes.left)
    left = left or bool(imported.threat_models and imported.threat_models.notes.left)
    return int(left or bool(source.checkout.unreadable))


def _options(args: argparse.Namespace, today: "date") -> "ImportOptions":
    from reassay.imports.row_reader import ImportOptions

    return ImportOptions(today, role_name(args.owner, "--owner"))


def _text(source: _CatalogueSource, imported: "ImportedCatalogue", day: "date") -> str:
    """The YAML file; "" if no entry is new."""
    from reassay import __version__
    from reassay.imports.files.spreadsheet_yaml import as_yaml
    from reassay.imports.views.catalogue_report import head_lines, summary

    if not summary(imported):
        return ""
    head = (
        *head_lines(source.recipe, source.catalogue, source.licence),
        f"Imported by reassay {__version__} with the recipe {source.recipe.name} on {day}: {summary(imported)}.",
        f"{source.checkout.digest} is of the files that were read.",
    )
    threat_models = [value for _, value in imported.threat_models.rows] if imported.threat_models else []
    mitigations = [row.mitigation for row in imported.mitigations.taken] if imported.mitigations else []
    return as_yaml({"mitigations": mitigations, "threat_models": threat_models}, head)


def _lines(
    source: _CatalogueSource,
    imported: "ImportedCatalogue",
    after: "Register",
    target: "ImportTarget | None",
    args: argparse.Namespace,
) -> Iterator[str]:
    from reassay.cli.check_findings import check_line
    from reassay.imports.views.catalogue_report import catalogue_lines, licence_lines, summary, title_of
    from reassay.imports.views.report import role_lines
    from reassay.register.finding import quoted

    printed = args.dry_run or args.out == "-"
    name = f"{quoted(source.checkout.name)}, {title_of(source.recipe, source.catalogue)}"
    if target is None:
        yield f"{name}: nothing is new; nothing was written."
    else:
        yield f"{name}: {summary(imported)} {'would be ' if printed else ''}written to {target.shown}."
    doubt = source.catalogue.not_permitted or source.recipe.licence_doubt(source.checkout)
    yield from licence_lines(source.licence, doubt)
    yield from catalogue_lines(imported, source.checkout.notes, source.checkout.unreadable, quiet=args.quiet)
    if imported.mitigations is not None:
        yield from role_lines(imported.mitigations.roles, after)
    yield ""
    yield check_line(after, args.at)
    if target is not None and (astray := target.outside_of(after)):
        yield astray
    if target is not None and not args.quiet:
        yield "Next: give each mitigation `every` and its own owner, then run `reassay plan --until DATE`."
