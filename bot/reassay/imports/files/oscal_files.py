"""Reading of OSCAL documents in JSON and YAML, with bounds."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from reassay.common.canonical import digest
from reassay.common.errors import UsageError
from reassay.imports.files.spreadsheet_files import MAX_ROWS, ReadOptions, refuse_more_rows
from reassay.imports.files.text_decoding import read_bytes
from reassay.imports.oscal import catalogs, components
from reassay.imports.oscal.models import ComponentDefinition, OscalCatalog, OscalPart, keys_not_read
from reassay.imports.spreadsheet import SheetRow, Spreadsheet
from reassay.register.finding import inert, quoted

MAX_OSCAL_BYTES: Final = 32 * 1024 * 1024
"""Largest document: NIST SP 800-53 has about ten MiB."""
_MOST_NESTED: Final = 100
_ROOTS: Final = (
    "catalog", "component-definition", "profile", "system-security-plan", "assessment-plan", "assessment-results",
    "plan-of-action-and-milestones", "mapping-collection",
)  # fmt: skip
_ROOT_LINE = re.compile(rf"(?m)^(?:{'|'.join(_ROOTS)})[ \t]*:")
_ROOT_KEY = re.compile(rf'\ufeff?\s*\{{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"(?:{"|".join(_ROOTS)})"\s*:')
_XML: Final = b"http://csrc.nist.gov/ns/oscal/"
_HEAD: Final = 64 * 1024
_WHAT: Final = "Give an OSCAL catalogue or component definition in JSON or YAML."


def is_oscal(path: Path) -> bool:
    """Whether a file is an OSCAL document, by its name and its first lines."""
    suffix = path.suffix.lower()
    if suffix not in {".json", ".yaml", ".yml", ".xml"} or not path.is_file():
        return False
    try:
        with path.open("rb") as opened:
            start = opened.read(_HEAD)
    except OSError:
        return False
    if suffix == ".xml":
        return _XML in start
    text = start.decode("utf-8", "replace")
    return (_ROOT_KEY.match(text) if suffix == ".json" else _ROOT_LINE.search(text)) is not None


def read_oscal(path: Path, how: ReadOptions) -> Spreadsheet:  # noqa: ARG001 -- every format has these options
    """The controls or implemented requirements of a document. Raises UsageError."""
    name = inert(path.name)
    data = read_bytes(path, MAX_OSCAL_BYTES)
    if path.suffix.lower() == ".xml":
        remedy = "Convert it to JSON, for example with `oscal-cli convert`."
        raise UsageError("OSCAL is read as JSON or YAML, not XML.", where=name, remedy=remedy)
    root, content = _root(_document(data, name, is_json=path.suffix.lower() == ".json"), name)
    model, header, cells, kind = _rows(root, content, name)
    rows = [SheetRow(1, header, name)]
    for number, row in enumerate(cells, start=2):
        if number > MAX_ROWS + 1:
            refuse_more_rows(name)
        rows.append(SheetRow(number, row, f"{kind} {quoted(row[0])}"))
    return Spreadsheet(name, digest(data), _without_empty_columns(rows), notes=tuple(_notes(root, model, name)))


def _without_empty_columns(rows: Sequence[SheetRow]) -> tuple[SheetRow, ...]:
    used = [index for index in range(len(rows[0].cells)) if any(row.at(index).strip() for row in rows[1:])]
    return tuple(replace(row, cells=tuple(row.at(index) for index in used)) for row in rows)


def _document(data: bytes, name: str, *, is_json: bool) -> object:
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_repeats) if is_json else _from_yaml(text)
    except UnicodeDecodeError as error:
        raise UsageError("this is not UTF-8.", where=name, remedy="Save it as UTF-8.") from error
    except RecursionError as error:
        raise UsageError("this is nested too deeply.", where=name, remedy=_WHAT) from error
    except json.JSONDecodeError as error:
        raise UsageError(f"this is not JSON: {error.msg}.", where=f"{name}:{error.lineno}", remedy=_WHAT) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"this is not YAML: {error.problem}.", where=f"{name}:{line}", remedy=_WHAT) from error
    except (ValueError, yaml.YAMLError) as error:
        raise UsageError(f"{inert(str(error))}.", where=name, remedy=_WHAT) from error


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {quoted(next(key for key in keys if keys.count(key) > 1))} is given twice")
    return content


def _from_yaml(text: str) -> object:
    """The document with every scalar as text. Raises ValueError for aliases and for deep nesting, which could use all memory."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"line {_line(event)} has an alias (*), which OSCAL does not use")  # noqa: TRY004 -- not about types
        opens = isinstance(event, yaml.CollectionStartEvent)
        depth += opens - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_NESTED:
            raise ValueError(f"line {_line(event)} is nested too deeply")
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 -- makes texts, lists and maps only


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _root(document: object, name: str) -> tuple[str, object]:
    """The kind of document and its content. Raises UsageError for another kind."""
    roots = [key for key in document if key in _ROOTS] if isinstance(document, dict) else []
    if not isinstance(document, dict) or len(roots) != 1:
        raise UsageError("this is not an OSCAL document.", where=name, remedy=_WHAT)
    return str(roots[0]), document[roots[0]]


def _rows(root: str, content: object, name: str) -> tuple[OscalPart, tuple[str, ...], Iterable[tuple[str, ...]], str]:
    try:
        if root == "catalog":
            catalog = OscalCatalog.model_validate(content)
            return catalog, catalogs.HEADER, catalogs.catalog_rows(catalog), "control"
        if root == "component-definition":
            definition = ComponentDefinition.model_validate(content)
            return definition, components.HEADER, components.component_rows(definition), "requirement"
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        message = f"{inert(where)}: {first['msg']}."
        raise UsageError(message, where=name, remedy="Validate it against OSCAL's schema.") from error
    remedy = _WHAT
    if root == "profile":
        remedy = "A profile only selects controls: resolve it, for example with `oscal-cli resolve-profile`, and import that."
    raise UsageError(f"an OSCAL {root} has no controls of its own.", where=name, remedy=remedy)


def _notes(root: str, model: OscalPart, name: str) -> Iterator[str]:
    if isinstance(model, OscalCatalog | ComponentDefinition):
        title = " ".join(part for part in (model.metadata.title, model.metadata.version) if part)
        yield f"{name} is an OSCAL {root}: {quoted(title)}."
    unread = keys_not_read(model)
    if unread:
        shown = ", ".join(f"{inert(key)[:60]} ({count})" for key, count in unread.most_common(20))
        more = f" and {len(unread) - 20} more" if len(unread) > 20 else ""  # noqa: PLR2004 -- the first twenty
        yield f"Keys of the document that no column has: {shown}{more}."
