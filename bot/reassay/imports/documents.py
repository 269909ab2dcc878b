"""Entries of documents (YAML, JSON, Markdown with front matter) as rows: a key is a column, nested keys are dotted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.columns import ColumnChoice, meaning
from reassay.imports.headers import Guide
from reassay.imports.spreadsheet import SheetRow, Spreadsheet, UnreadableDocument
from reassay.register.finding import quoted

FILE_NAME: Final = "file name"
"""Column with the name of an entry's file, without its ending; the id of entries without one."""
BODY: Final = "body"
"""Column with the text below the front matter."""
MAX_KEYS: Final = 500
"""Most different keys of all entries together."""
MAX_LEVELS: Final = 50
"""Most levels of keys and lists inside one another."""
_PROSE: Final = 100
"""A list with a longer text, or with a sentence, is read as paragraphs."""
_SENTENCE: Final = re.compile(r"\s\S+[.!?]$")
HEADER: Final = SheetRow(0, (), "the keys")


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """An object in a document, as plain data."""

    place: str
    """Where a person finds it: `_mitigations/mi-1.md`, `controls.yaml:12`."""
    data: Mapping[str, object]
    stem: str = ""
    """The name of its file without its ending, or its key in a mapping; "" for an entry of a list."""
    heading: str = ""
    """The first heading of its text."""
    body: str = ""
    """Its text, without that heading."""


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The entries of a file or folder."""

    file: str
    """Its name without its folder."""
    digest: str
    entries: tuple[DocumentEntry, ...]
    unreadable: tuple[UnreadableDocument, ...] = ()
    notes: tuple[str, ...] = field(default=())


def flattened(data: Mapping[str, object]) -> dict[str, str]:
    """The texts of all values by dotted key. Lists are joined.

    Raises ValueError for more than MAX_LEVELS levels.
    """
    texts: dict[str, list[str]] = {}
    for key, text in _values("", data, 0):
        texts.setdefault(key, []).append(text)
    return {key: joined([value for value in values if value]) for key, values in texts.items()}


def keys_of(entry: DocumentEntry) -> tuple[str, ...]:
    """The dotted keys of an entry."""
    return tuple(flattened(entry.data))


def in_natural_order(path: str) -> tuple[tuple[int, str], ...]:
    """A sorting key for paths, by which `mi-2.md` comes before `mi-10.md`."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,9})", path))


def joined(values: Sequence[str]) -> str:
    """The entries of a list as one text, as cells of a spreadsheet have them: `a; b`, or paragraphs if one of them is prose."""
    if any(len(value) > _PROSE or "\n" in value or _SENTENCE.search(value) for value in values):
        return "\n\n".join(values)
    return ("\n" if any(";" in value for value in values) else "; ").join(values)


def _values(key: str, value: object, level: int) -> Iterator[tuple[str, str]]:
    if level > MAX_LEVELS:
        raise ValueError(f"it has more than {MAX_LEVELS} levels of keys and lists inside one another")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _values(f"{key}.{name}" if key else str(name), inner, level + 1)
        if not value and key:
            yield key, ""
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(key, inner, level + 1)
        if not value:
            yield key, ""
    else:
        yield key, text_of_scalar(value)


def text_of_scalar(value: object) -> str:
    """A scalar as a document writes it; "" for nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


def sheet_of(documents: DocumentList, guide: Guide, maps: Sequence[ColumnChoice] = ()) -> Spreadsheet:
    """The rows of all entries, with their keys as header. Raises UsageError for too many keys or entries that go too deep."""
    entries = [(entry, _texts(entry)) for entry in documents.entries]
    title = _column("title", [texts for _, texts in entries], guide, maps) or "title"
    identity = _column("id", [texts for _, texts in entries], guide, maps)
    columns: dict[str, None] = {}
    for entry, texts in entries:
        if entry.heading and not texts.get(title):
            texts[title] = entry.heading
        if entry.stem and not (identity and texts.get(identity)):
            texts[identity or FILE_NAME] = entry.stem
        if entry.body:
            texts[BODY if BODY not in entry.data else "text below the keys"] = entry.body
        columns |= dict.fromkeys(texts)
    if len(columns) > MAX_KEYS:
        message = f"there are {len(columns):,} different keys; at most {MAX_KEYS} are read."
        raise UsageError(message, where=documents.file, remedy="Name the list of controls: --list KEY.")
    rows = [
        SheetRow(number, tuple(texts.get(column, "") for column in columns), entry.place)
        for number, (entry, texts) in enumerate(entries, start=1)
    ]
    return Spreadsheet(
        documents.file,
        documents.digest,
        (SheetRow(HEADER.number, tuple(columns), HEADER.place), *rows),
        notes=documents.notes,
        header=HEADER.number,
        unreadable=documents.unreadable,
        unit="key",
    )


def _texts(entry: DocumentEntry) -> dict[str, str]:
    try:
        return flattened(entry.data)
    except ValueError as error:
        raise UsageError(f"{error}.", where=entry.place, remedy="Name the list of controls: --list KEY.") from error


def _column(field: str, entries: Sequence[Mapping[str, str]], guide: Guide, maps: Sequence[ColumnChoice]) -> str | None:
    """The key that will fill a field, as columns are guessed; None if no entry has such a key."""
    chosen = next((choice.column for choice in maps if choice.field == field), None)
    if chosen is not None:
        return chosen
    keys = dict.fromkeys(key for texts in entries for key in texts)
    order = guide.get(field, ())
    fitting = [key for key in keys if meaning(key, {field: order}) == field]
    return min(fitting, key=lambda key: _rank(key, order), default=None)


def _rank(key: str, order: Sequence[str]) -> int:
    return next((rank for rank, header in enumerate(order) if meaning(key, {"it": (header,)})), len(order))


LIST_NAMES: Final = (
    "mitigations", "controls", "safeguards", "measures", "requirements", "countermeasures", "reference_controls",
)  # fmt: skip
"""Keys of a document that hold the controls."""


def list_in(document: object, guide: Guide, wanted: str | None = None) -> "ListPath":
    """The path of the list of entries in a document; () for a document that is one entry or a list itself.

    `wanted` is a dotted path that a person gave. Raises ValueError with a sentence and a remedy.
    """
    if wanted is not None:
        return tuple(wanted.split("."))
    if not isinstance(document, Mapping):
        return ()
    lists = [key for key, value in document.items() if is_list_of_entries(value)]
    of_controls = [key for key in lists if key.casefold().replace("-", "_") in LIST_NAMES]
    if len(of_controls) == 1:
        return (of_controls[0],)
    has_title = any(meaning(key, {"title": guide.get("title", ())}) for key in document)
    if has_title and not of_controls:
        return ()
    if len(lists) > 1:
        raise ValueError(f"it has several lists: {names(*map(quoted, lists))}")
    return (lists[0],) if lists else ()


ListPath = tuple[str, ...]


def is_list_of_entries(value: object) -> bool:
    """Whether a value is a list of mappings."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def entries_at(
    document: object, path: ListPath, location: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str, Mapping[str, object]]]:
    """Location, key ("" in a list) and data of the entries at a path, which passes through lists on its way.

    Nothing for a path that does not exist.
    """
    if isinstance(document, list):
        for index, item in enumerate(document):
            if path or isinstance(item, Mapping):
                yield from entries_at(item, path, (*location, index))
        return
    if not isinstance(document, Mapping):
        return
    if path:
        if path[0] in document:
            inner = document[path[0]]
            if len(path) == 1 and isinstance(inner, Mapping) and inner and all(map(_is_mapping, inner.values())):
                yield from (((*location, path[0], key), str(key), value) for key, value in inner.items())
            else:
                yield from entries_at(inner, path[1:], (*location, path[0]))
        return
    yield location, "", document


def without_keys_at(
    document: object, path: ListPath, location: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """Locations of what is in the lists of `entries_at` and is not an entry: a text, a number, nothing."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            if isinstance(item, Mapping | list):
                yield from without_keys_at(item, path, (*location, index))
            else:
                yield (*location, index)
    elif isinstance(document, Mapping) and path and path[0] in document:
        yield from without_keys_at(document[path[0]], path[1:], (*location, path[0]))


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)
