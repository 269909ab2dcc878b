"""The objects of a plainly written file as plain data, told apart by kind. What is unusual is declined."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from reassay.register.files.front_matter import split
from reassay.register.files.kinds import COLLECTION_KEYS, has_its_own_kind, is_one_object, kind_by_folder, kind_by_name
from reassay.register.files.quick_yaml import parse
from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode
from reassay.register.register import KINDS

Document = dict[str, Any]
Named = tuple[str, Document]
"""The kind of an object, and what it says."""


class _DeclinedError(Exception):
    """This file goes the long way."""


def quick_documents(file: File) -> tuple[Named, ...] | None:
    """The objects of a file in its order; None if the long way would find fault with it, or might."""
    if file.data is None or file.mode is not Mode.FILE:
        return None
    try:
        return tuple(_named(file.path, file.data.decode("utf-8")))
    except (_DeclinedError, Unreadable, UnicodeDecodeError):
        return None


def _named(path: str, text: str) -> Iterator[Named]:
    if path[-3:].lower() == ".md":
        yield _single(_front_matter(path, text), _given(path))
        return
    match parse(text):
        case dict() as document if is_one_object(frozenset(document), names_mitigations=_names_mitigations(document)):
            yield _single(document, _given(path))
        case dict() as document:
            for key, items in document.items():
                if key not in COLLECTION_KEYS:
                    raise _DeclinedError
                yield from _listed(items, COLLECTION_KEYS[key])
        case items:
            yield from _listed(items, kind_by_name(path) or _given(path))


def _front_matter(path: str, text: str) -> Document:
    front = split(path, text)
    document = parse(front.yaml) if front else None
    if front is None or not isinstance(document, dict):
        raise _DeclinedError
    if not front.body:
        return document
    if "description" in document:
        raise _DeclinedError
    return {**document, "description": front.body}


def _names_mitigations(document: Document) -> bool:
    """Whether `mitigations` lists ids, and not the objects of a collection."""
    items = document.get("mitigations")
    return isinstance(items, list) and bool(items) and not any(isinstance(each, dict | list) for each in items)


def _listed(items: object, kind: str | None) -> Iterator[Named]:
    if not isinstance(items, list):
        raise _DeclinedError
    for item in items:
        if not isinstance(item, dict):
            raise _DeclinedError
        yield _single(item, kind)


def _single(document: Document, given: str | None) -> Named:
    said = document.get("kind")
    if given is not None and _has_its_own_kind(given) and said != given:
        return given, document
    if "kind" not in document:
        if given is None:
            raise _DeclinedError
        return given, document
    if not isinstance(said, str) or said not in KINDS or given not in {None, said}:
        raise _DeclinedError
    return said, {key: value for key, value in document.items() if key != "kind"}


def _given(path: str) -> str | None:
    return _given_by(path.rpartition("/")[0])


@lru_cache(maxsize=1000)
def _given_by(folder: str) -> str | None:
    """Thousands of files share a folder."""
    return kind_by_folder(f"{folder}/any.yml")


@lru_cache(maxsize=len(KINDS))
def _has_its_own_kind(kind: str) -> bool:
    return has_its_own_kind(kind)
