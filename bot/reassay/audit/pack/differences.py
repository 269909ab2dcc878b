"""Differences of two packs: CSV by row and column, the manifest by key, other files by line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from reassay.audit.views.manifest import MANIFEST

SHOWN = 80
"""Characters of a value that are shown at most."""
PER_FILE = 10
"""Differences of one file that are listed at most."""


def differences(has: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> Iterator[str]:
    """One line for each difference."""
    for name, data in wanted.items():
        if name not in has:
            yield f"{name}: missing"
        elif has[name] != data:
            lines = list(_file(name, has[name].decode("utf-8", "replace"), data.decode("utf-8", "replace")))
            yield from lines[:PER_FILE] or [f"{name}: its bytes differ"]
            if len(lines) > PER_FILE:
                yield f"{name}: {len(lines) - PER_FILE} more"


def _file(name: str, has: str, wanted: str) -> Iterator[str]:
    if name.endswith(".csv"):
        return _table(name, has, wanted)
    return _manifest(has, wanted) if name == MANIFEST else _lines(name, has, wanted)


def _table(name: str, has: str, wanted: str) -> Iterator[str]:
    try:
        theirs, ours = (list(csv.reader(io.StringIO(text), strict=True)) for text in (has, wanted))
    except csv.Error:
        yield f"{name}: not a valid CSV file"
        return
    if len(theirs) != len(ours):
        yield f"{name}: {len(theirs) - 1} rows, but {len(ours) - 1} follow from the pack"
    for number, (row, right) in enumerate(zip(theirs, ours, strict=False), 1):
        for place, (value, should) in enumerate(zip_longest(row, right, fillvalue="")):
            if value != should:
                column = ours[0][place] if place < len(ours[0]) else f"column {place + 1}"
                yield f"{name}, line {number}, {column}: {_short(value)}, but {_short(should)} follows from the pack"


def _manifest(has: str, wanted: str) -> Iterator[str]:
    theirs, ours = dict(_flat(json.loads(has))), dict(_flat(json.loads(wanted)))
    for key in sorted(theirs.keys() | ours.keys()):
        if theirs.get(key) != ours.get(key):
            yield (
                f"{MANIFEST}, {key}: {_short(str(theirs.get(key, 'nothing')))}, "
                f"but {_short(str(ours.get(key, 'nothing')))} follows from the pack"
            )


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path} > {key}" if path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _flat(item, f"{path} > {number}")
    else:
        yield path, value


def _lines(name: str, has: str, wanted: str) -> Iterator[str]:
    for number, (line, should) in enumerate(zip_longest(has.splitlines(), wanted.splitlines(), fillvalue=""), 1):
        if line != should:
            yield f"{name}, line {number}: {_short(line)}, but {_short(should)} follows from the pack"


def _short(value: str) -> str:
    text = value if len(value) <= SHOWN else f"{value[:SHOWN]}..."
    return f"'{text}'"
