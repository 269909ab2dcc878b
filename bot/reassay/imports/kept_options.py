"""Options of an import that are kept for the next time, as texts with the place of each: the command line or a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reassay.common.errors import UsageError
from reassay.imports.columns import SEVERAL, read_map
from reassay.imports.headers import Guide
from reassay.imports.values import read_value
from reassay.register.finding import did_you_mean, quoted

LISTS: Final = ("map", "value", "fill-down")
"""Options that can be given several times."""
SINGLE: Final = ("sheet", "list", "header", "dates", "encoding", "separator", "owner", "audience")
FLAGS: Final = ("stubs",)
NAMES: Final = (*LISTS, *SINGLE, *FLAGS)
"""Options that are kept, without their two hyphens."""
KINDS: Final = ("mitigations", "past-assessments")


@dataclass(frozen=True, slots=True)
class OptionText:
    """The text of one option as on the command line, and where it is stated."""

    text: str
    where: str = field(compare=False)
    """`--map`, or `.github/reassay-import.yml:5`."""


OptionTexts = Mapping[str, tuple[OptionText, ...]]
"""Option -> its texts, in order; a flag has the text `true`."""


@dataclass(frozen=True, slots=True)
class KeptOptions:
    """The options of one file or folder for one kind of import."""

    file: str
    """Name of the file or folder, without folders above it."""
    kind: str
    """One of KINDS."""
    texts: OptionTexts = field(default_factory=dict)

    def is_for(self, file: str, kind: str) -> bool:
        """Whether these are the options of a file."""
        return (self.file, self.kind) == (file, kind)


def checked_name(name: str, where: str) -> str:
    """The name of an option. Raises UsageError with the names that exist."""
    if name in NAMES:
        return name
    remedy = f"{did_you_mean(name, NAMES)} Options are {', '.join(NAMES)}.".strip()
    raise UsageError(f"{quoted(name)} is not an option that is kept.", where=where, remedy=remedy)


def one_of(option: OptionText, allowed: Sequence[str]) -> str:
    """The text of an option with a few possible texts. Raises UsageError."""
    if option.text in allowed:
        return option.text
    remedy = f"{did_you_mean(option.text, allowed)} Possible values: {', '.join(allowed)}.".strip()
    raise UsageError(f"{quoted(option.text)} is not a possible value.", where=option.where, remedy=remedy)


def together(kept: OptionTexts, given: OptionTexts, guide: Guide) -> OptionTexts:
    """The kept options with those of the command line, which go first. Raises UsageError for one that cannot be read."""
    merged = dict(kept)
    for name in (*SINGLE, *FLAGS):
        if given.get(name):
            merged[name] = given[name]
    merged["map"] = (*_maps_that_stay(kept.get("map", ()), given.get("map", ()), guide), *given.get("map", ()))
    merged["value"] = (*_values_that_stay(kept.get("value", ()), given.get("value", ())), *given.get("value", ()))
    merged["fill-down"] = tuple(dict.fromkeys((*kept.get("fill-down", ()), *given.get("fill-down", ()))))
    return {name: texts for name, texts in merged.items() if texts}


def _maps_that_stay(kept: Iterable[OptionText], given: Sequence[OptionText], guide: Guide) -> Iterable[OptionText]:
    """The kept maps that no map of the command line replaces, by its column or by its field."""
    new = [read_map(option.text, guide, option.where) for option in given]
    columns = {choice.column.casefold() for choice in new}
    fields = {choice.field for choice in new} - {None} - SEVERAL
    for option in kept:
        choice = read_map(option.text, guide, option.where)
        if choice.column.casefold() not in columns and choice.field not in fields:
            yield option


def _values_that_stay(kept: Iterable[OptionText], given: Sequence[OptionText]) -> Iterable[OptionText]:
    new = {read_value(option.text, option.where).key for option in given}
    return (option for option in kept if read_value(option.text, option.where).key not in new)


def with_entry(entries: Sequence[KeptOptions], entry: KeptOptions) -> tuple[KeptOptions, ...]:
    """The entries with one added, or put in the place of the one for the same file and kind."""
    if not any(other.is_for(entry.file, entry.kind) for other in entries):
        return (*entries, entry)
    return tuple(replace(entry) if other.is_for(entry.file, entry.kind) else other for other in entries)
