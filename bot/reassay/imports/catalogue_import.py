"""Import of a public catalogue by its recipe: which entries are new, and what they become in the register."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reassay.common.errors import UsageError
from reassay.common.sentences import count_words, names
from reassay.imports.cell_text import line
from reassay.imports.columns import ColumnChoice, Layout, lay_out
from reassay.imports.documents import DocumentEntry, DocumentList, keys_of, sheet_of, text_of_scalar
from reassay.imports.headers import MITIGATIONS
from reassay.imports.mitigations import ImportedMitigations, import_mitigations
from reassay.imports.names import DeclaredNames
from reassay.imports.recipes.base import KeyRule, PublishedCatalogue, Recipe, maps_of
from reassay.imports.references import read_references
from reassay.imports.row_reader import ImportOptions
from reassay.imports.spreadsheet import Spreadsheet
from reassay.imports.threat_models import THREAT_MODEL_FIELDS, ImportedThreatModels, import_threat_models
from reassay.register.base import Described
from reassay.register.finding import did_you_mean, quoted
from reassay.register.register import Register, in_words

PUBLISHED_AS: Final = "published as"
"""Key of an entry with its id and address in the catalogue."""


@dataclass(frozen=True, slots=True)
class PresentEntry:
    """An entry of the catalogue that the register has already."""

    kind: str
    """`mitigation` or `threat-model`."""
    identity: str
    """Its id in the register."""
    at: str
    """Where the register has it: file and line."""
    title: str
    """Its title in the register; "" if its entry cannot be read."""
    published: str
    """Its title in the catalogue."""

    @property
    def changed(self) -> bool:
        """Whether the titles differ."""
        return bool(self.title) and self.title != self.published


@dataclass(frozen=True, slots=True)
class GoneEntry:
    """An object of the register that cites an entry which the catalogue does not have any more."""

    kind: str
    identity: str
    at: str
    published: str
    """Its id in the catalogue."""


@dataclass(frozen=True, slots=True)
class CatalogueComparison:
    """The entries of a catalogue against a register that may have some of them already."""

    new: Mapping[str, tuple[DocumentEntry, ...]]
    """New entries by kind."""
    present: tuple[PresentEntry, ...] = ()
    gone: tuple[GoneEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedCatalogue:
    """What an import of a catalogue would write."""

    comparison: CatalogueComparison
    mitigations: ImportedMitigations | None
    """None if no entry is new."""
    mitigation_sheet: Spreadsheet | None
    threat_models: ImportedThreatModels | None
    threat_model_sheet: Spreadsheet | None


def compare(catalogue: PublishedCatalogue, recipe: Recipe, register: Register) -> CatalogueComparison:
    """Which entries are new, present or gone.

    An entry is present under its id, or where the first reference of an object is to it. Further references are citations.
    """
    source = catalogue.source or recipe.title
    kinds: dict[str, tuple[tuple[DocumentEntry, ...], tuple[KeyRule, ...]]] = {
        "threat-model": (catalogue.threat_models, recipe.threat_models),
        "mitigation": (catalogue.mitigations, recipe.mitigations),
    }
    new: dict[str, tuple[DocumentEntry, ...]] = {}
    present: list[PresentEntry] = []
    gone: list[GoneEntry] = []
    for kind, (entries, rules) in kinds.items():
        title_key = next((rule.key for rule in rules if rule.field == "title"), "title")
        of_kind = _of_kind(register, kind, source)
        new[kind] = tuple(entry for entry in entries if of_kind.match(entry) is None)
        for entry in entries:
            if (identity := of_kind.match(entry)) is not None:
                published = line(text_of_scalar(entry.data.get(title_key))).value or ""
                present.append(
                    PresentEntry(kind, identity, of_kind.place(identity), of_kind.titles[identity], published)
                )
        gone += _gone(of_kind, entries)
    return CatalogueComparison(new, tuple(present), tuple(gone))


@dataclass(frozen=True, slots=True)
class _ObjectsOfKind:
    kind: str
    register: Register
    titles: Mapping[str, str]
    cited: Mapping[str, str]
    """Published id -> the object whose first reference it is."""

    def match(self, entry: DocumentEntry) -> str | None:
        """The id of the object that an entry is already."""
        own = text_of_scalar(entry.data.get("id"))
        present = self.register.renamed.get(own, own) if self.kind == "mitigation" else own
        if present in self.titles:
            return present
        published = _published_id(entry)
        return self.cited.get(published) if published else None

    def place(self, identity: str) -> str:
        """The file and line of an object."""
        entry = self.register.objects(self.kind).get(identity)
        if entry is None:
            return "an entry that cannot be read"
        at = entry.origin.at("id")
        return f"{at.path}:{at.line}"


def _published_id(entry: DocumentEntry) -> str:
    references = read_references(text_of_scalar(entry.data.get(PUBLISHED_AS)), "the catalogue").value or ()
    return next((reference.id for reference in references if reference.id), "")


def _of_kind(register: Register, kind: str, source: str) -> _ObjectsOfKind:
    objects: Mapping[str, Described] = {name: entry.value for name, entry in register.objects(kind).items()}
    cited = {
        reference.id: name
        for name, value in objects.items()
        for reference in value.references[:1]
        if reference.source == source and reference.id
    }
    unreadable = dict.fromkeys(register.broken.get(kind, ()), "")
    return _ObjectsOfKind(
        kind, register, {**unreadable, **{name: value.title for name, value in objects.items()}}, cited
    )


def _gone(objects: _ObjectsOfKind, entries: Sequence[DocumentEntry]) -> Iterator[GoneEntry]:
    published = {_published_id(entry) for entry in entries}
    of_entries = {objects.match(entry) for entry in entries}
    for reference, name in objects.cited.items():
        if reference not in published and name not in of_entries:
            yield GoneEntry(objects.kind, name, objects.place(name), reference)


@dataclass(frozen=True, slots=True)
class CatalogueChoices:
    """What a person chose for the import of a catalogue."""

    options: ImportOptions
    maps: tuple[ColumnChoice, ...] = ()
    """Their `--map`, which come before the rules of the recipe."""


def import_catalogue(
    catalogue: PublishedCatalogue, recipe: Recipe, register: Register, choices: CatalogueChoices, digest: str
) -> ImportedCatalogue:
    """The new entries as objects. Raises UsageError if a choice fits no key."""
    comparison = compare(catalogue, recipe, register)
    source = catalogue.source or recipe.title
    threats = _ListOfKind(
        catalogue.threat_models, comparison.new["threat-model"], recipe.threat_models, THREAT_MODEL_FIELDS
    )
    controls = _ListOfKind(catalogue.mitigations, comparison.new["mitigation"], recipe.mitigations, tuple(MITIGATIONS))
    _refuse_unfitting(choices.maps, (threats, controls))
    declared = DeclaredNames.of_register(register)
    threat_models, threat_sheet = None, None
    if threats.new:
        threat_sheet, layout = threats.sheet(source, choices.maps, digest)
        threat_models = import_threat_models(layout, declared.ids)
        titles = {value.id: value.title for _, value in threat_models.rows}
        declared = replace(
            declared, threat_models={**declared.threat_models, **titles}, ids=declared.ids | frozenset(titles)
        )
    if not controls.new:
        return ImportedCatalogue(comparison, None, None, threat_models, threat_sheet)
    sheet, layout = controls.sheet(source, choices.maps, digest)
    imported = import_mitigations(layout, declared, choices.options)
    return ImportedCatalogue(comparison, imported, sheet, threat_models, threat_sheet)


@dataclass(frozen=True, slots=True)
class _ListOfKind:
    """The entries of one kind, and the fields that their keys can fill."""

    entries: tuple[DocumentEntry, ...]
    new: tuple[DocumentEntry, ...]
    rules: tuple[KeyRule, ...]
    fields: tuple[str, ...]

    def fits(self, choice: ColumnChoice) -> bool:
        """Whether a person's choice is about this list."""
        has_key = any(choice.column.casefold() == key.casefold() for entry in self.entries for key in keys_of(entry))
        return has_key and (choice.field is None or choice.field in self.fields)

    def sheet(self, source: str, chosen: Sequence[ColumnChoice], digest: str) -> tuple[Spreadsheet, Layout]:
        """The new entries as rows."""
        entries = tuple(_own_reference_first(entry) for entry in self.new)
        keys = {key.casefold() for entry in entries for key in keys_of(entry)}
        fitting = [choice for choice in chosen if self.fits(choice) and choice.column.casefold() in keys]
        maps = maps_of(self.rules, entries, fitting, source)
        sheet = sheet_of(DocumentList(source, digest, entries), {}, maps)
        return sheet, lay_out(sheet, {}, maps)


def _own_reference_first(entry: DocumentEntry) -> DocumentEntry:
    first = {key: entry.data[key] for key in ("id", PUBLISHED_AS) if key in entry.data}
    return replace(entry, data={**first, **entry.data})


def _refuse_unfitting(maps: Sequence[ColumnChoice], lists: Sequence[_ListOfKind]) -> None:
    for choice in maps:
        if any(own.fits(choice) for own in lists):
            continue
        keys = dict.fromkeys(key for own in lists for entry in own.entries for key in keys_of(entry))
        if choice.column.casefold() in {key.casefold() for key in keys}:
            message = f"{quoted(choice.column)} cannot be {choice.field}."
            remedy = f"Threat models have {names(*THREAT_MODEL_FIELDS)}."
            raise UsageError(message, where="--map", remedy=remedy)
        remedy = f"{did_you_mean(choice.column, keys)} Keys are {names(*map(quoted, keys))}.".strip()
        raise UsageError(f"there is no key {quoted(choice.column)}.", where="--map", remedy=remedy)


def words_of_kind(kind: str, number: int) -> str:
    """A kind of object with a number of them: `1 threat model`, `23 mitigations`."""
    return count_words(number, in_words(kind))
