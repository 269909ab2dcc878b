"""The mutations of the full register: each value of each document as another one, and what `compare` says of that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from reassay.changes import compare
from reassay.changes.base import Change
from tests.laws.full_documents import DOCUMENTS, Document
from tests.laws.full_register import Path, holding, holding_value, model_of, read
from tests.make import TODAY


@dataclass(frozen=True)
class Mutation:
    """One document in which one value is another one."""

    kind: str
    place: str
    """Path of the value, for messages."""
    path: Path
    before: Document
    after: Document
    """It shares with `before` all that is the same: neither is ever changed."""
    value: BaseModel
    """`after` as it is read."""


Compared = tuple[Mutation, tuple[Change, ...], tuple[Change, ...]]
"""A mutation with the changes that it is, and those of taking it back."""


@cache
def every_mutation() -> tuple[Compared, ...]:
    """Each mutation of each document of the full register."""
    every: list[Compared] = []
    for number, (kind, document) in enumerate(DOCUMENTS):
        before = holding(kind, document)
        for mutation in mutations_of(number):
            after = holding_value(mutation.value)
            every.append((mutation, compare(before, after, TODAY), compare(after, before, TODAY)))
    return tuple(every)


@cache
def mutations_of(number: int) -> tuple[Mutation, ...]:
    """The mutations of one of `DOCUMENTS`, made once."""
    return tuple(mutations(*DOCUMENTS[number]))


def mutations(kind: str, document: Document) -> Iterator[Mutation]:
    """All valid mutations of a document: each leaf gets other values of its type, each key goes, each list is cut and turned."""
    original, words = read(kind, document), _words(model_of(kind))
    assert original is not None, document
    as_read = original.model_dump_json()
    for path in _paths(document):
        if path == ("id",):
            continue
        place = f"{kind} {document.get('id', '')} {'.'.join(map(str, path))}"
        seen = {as_read}
        for mutated in _other(document, path, words):
            value = read(kind, mutated)
            if value is not None and (text := value.model_dump_json()) not in seen:
                seen.add(text)
                yield Mutation(kind, place, path, document, mutated, value)


def _paths(value: object, under: Path = ()) -> Iterator[Path]:
    if under:
        yield under
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        yield from _paths(item, (*under, key))


_GONE: Final = object()
"""In the place of a value: the key or the member is taken out."""


def _other(document: Document, path: Path, words: tuple[str, ...]) -> Iterator[Document]:
    value: Any = document
    for key in path:
        value = value[key]
    for item in (_GONE, *_values(value, words)):
        yield _changed(document, path, item)


def _changed(value: Any, path: Path, item: object) -> Any:  # noqa: ANN401 -- documents, as a file has them
    """The value with another item at the path; all the rest is shared."""
    key, *deeper = path
    copy = value.copy()
    if deeper:
        copy[key] = _changed(copy[key], tuple(deeper), item)
    elif item is not _GONE:
        copy[key] = item
    else:
        del copy[key]
    return copy


def _values(value: object, words: tuple[str, ...]) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (value + 1, value / 2, 0, "unspecified")
        case str():
            yield from words if value in words else (f"{value}x", "other", "other: add de", *_DATES, *_SPANS)
        case list():
            yield []
            yield value[::-1]
            yield [*value, *value[-1:]]
            yield [*value, "other"]
            yield from ([*value, word] for word in words if value and value[0] in words)
        case _:
            return


_DATES = ("2020-02-03", "2026-12-10", "2030-02-03", "2026-11-30T01:00Z")
_SPANS = ("1 day", "30 days", "90 years", "unspecified", "999 requests/minute", "5k", "21+", "13+")


@cache
def _words(model: type[BaseModel]) -> tuple[str, ...]:
    """The words of every vocabulary of a model."""
    found: dict[str, None] = {}

    def walk(value: object) -> None:
        if isinstance(value, Mapping):
            listed = value.get("enum", [value["const"]] if "const" in value else [])
            found.update(dict.fromkeys(word for word in listed if isinstance(word, str)))
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(model.model_json_schema())
    return tuple(found)


def combined(first: Mutation, second: Mutation) -> Document | None:
    """The document with both mutations; None if they touch the same value, or are not valid together."""
    paths = (first.path, second.path)
    if any(one[: len(other)] == other for one, other in (paths, paths[::-1])):
        return None
    if _same_list(paths):
        return None
    source: Any = second.after
    for key in second.path[:-1]:
        source = source[key]
    if isinstance(source, list):
        return None
    together = _changed(first.after, second.path, source.get(second.path[-1], _GONE))
    return together if read(first.kind, together) is not None else None


def _same_list(paths: tuple[Path, Path]) -> bool:
    """Whether both paths lead through one list: members may have moved."""
    common = 0
    for one, other in zip(*paths, strict=False):
        if one != other:
            break
        common += 1
    return common < min(map(len, paths)) and any(isinstance(path[common], int) for path in paths)
