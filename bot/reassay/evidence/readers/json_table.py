"""JSON lists and JSON lines with one object for each attempt, by the keys that a criterion declares."""

from typing import Final

from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, digest_of
from reassay.evidence.readers.json_lines import json_lines
from reassay.evidence.readers.json_stream import ItemList, picked, picked_of_head
from reassay.evidence.readers.json_values import Json, object_at
from reassay.evidence.readers.table_rows import RowCounts, declared_columns, named_columns
from reassay.evidence.reading import Reading

NAME: Final = "json"


def _recognises(file: ResultFile) -> bool:
    return bool(_header(file))


def _header(file: ResultFile) -> list[str]:
    """Keys of the first object of a list or of lines; empty if the file is neither."""
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        items = picked_of_head(head, [{"*": True}])
        return list(object_at(items[0])) if isinstance(items, list) and items else []
    line, end, _ = head.partition(b"\n")
    if not head.startswith(b"{") or (end and not line.rstrip().endswith(b"}")):
        return []
    return list(object_at(picked_of_head(line, {"*": True})))


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    header = _header(file)
    # Objects may leave a key out, so that the first one does not show them all: only the two needed are looked for in it.
    columns = declared_columns(options, NAME, [*header, *_optional(options)])
    counts = RowCounts(columns, options)
    with file.open() as stream:
        if file.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            number = 0

            def take(item: Json) -> None:
                nonlocal number
                number += 1
                _add(counts, item, f"item {number}")

            picked(stream, ItemList(dict.fromkeys(named_columns(options), True)), take)
        else:
            for line, row in json_lines(stream, counts.problems):
                _add(counts, row, f"line {line}")
    return counts.readings(NAME, digest_of(file))


def _optional(options: ResultOptions) -> list[str]:
    columns = options.columns
    return (
        []
        if columns is None
        else [name for name in named_columns(options) if name not in {columns.outcome, columns.prompt}]
    )


def _add(counts: RowCounts, row: Json, place: str) -> None:
    if isinstance(row, dict):
        counts.add(row, place)
    else:
        counts.add_unreadable("an item is no object", place)


READER = EvidenceReader(name=NAME, title="JSON list or lines with declared columns", recognises=_recognises, read=_read)
