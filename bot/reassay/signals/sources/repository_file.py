"""A CSV, JSON or YAML file in the framework repository: its rows are incidents, information, counts or exposure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reassay.register.signal_sources import FileSource
from reassay.signals.source_readings import SourceContext, SourceReader, SourceReading, SourceUnreadError
from reassay.signals.sources.csv_rows import csv_rows
from reassay.signals.sources.documents import json_document, text_of, yaml_document
from reassay.signals.sources.field_values import shown
from reassay.signals.sources.register_ids import checked_ids
from reassay.signals.sources.rows import Row, listed_problems, read_rows

FORMATS: Final = (".csv", ".tsv", ".json", ".yaml", ".yml")
"""Endings of the files that are read."""
_LIST: Final = "items"


def _read(spec: FileSource, context: SourceContext) -> SourceReading:
    problems: list[str] = []
    rows = _rows(spec.path, file_content(spec.path, context), problems)
    reading = read_rows(rows, spec.gives, spec.columns, context.now)
    reading = replace(reading, problems=listed_problems([*problems, *reading.problems]))
    return checked_ids(reading, spec, context.register)


def file_content(path: str, context: SourceContext) -> bytes:
    """The content of a file of this repository. Raises SourceUnreadError."""
    raw = context.file(path)
    if raw is None:
        raise SourceUnreadError(f"There is no file {path} on the default branch. Correct the path of the source.")
    return raw


def _rows(path: str, raw: bytes, problems: list[str]) -> list[Row]:
    if path.lower().endswith((".csv", ".tsv")):
        return csv_rows(text_of(raw, path), path, problems)
    if path.lower().endswith(".json"):
        return _listed(path, json_document(raw, path), problems)
    if path.lower().endswith((".yaml", ".yml")):
        return _listed(path, yaml_document(raw, path), problems)
    raise SourceUnreadError(f"{path} ends in none of {', '.join(FORMATS)}. Name a file of one of these formats.")


def _listed(path: str, document: object, problems: list[str]) -> list[Row]:
    """The objects of a list, or of the list `items` of an object that has nothing else. Raises SourceUnreadError."""
    is_wrapped = isinstance(document, Mapping) and set(document) == {_LIST}
    items = document[_LIST] if is_wrapped and isinstance(document, Mapping) else document
    if not isinstance(items, list):
        raise SourceUnreadError(
            f"{path} is not a list of objects, nor an object with the one key '{_LIST}'. Write [] if there is nothing."
        )
    rows: list[Row] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, Mapping):
            rows.append(Row(f"{path}, item {number}", item))
        else:
            problems.append(f"{path}, item {number} is {shown(item)}, not an object; it is not counted.")
    return rows


READER = SourceReader("file", FileSource, frozenset({"action", "app"}), is_pushed=False, read=_read)
