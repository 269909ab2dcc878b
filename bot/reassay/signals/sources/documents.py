"""Documents of sources as plain data: JSON, and the YAML that registers are written in, within the same limits."""

import json
from typing import Final, Never

from reassay.register.files.nodes import plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import Finding
from reassay.signals.source_readings import LARGEST, SourceUnreadError
from reassay.signals.sources.field_values import shown

_BOM: Final = "\ufeff"


def text_of(raw: bytes, place: str) -> str:
    """The text of a file or an answer, without its byte order mark. Raises SourceUnreadError."""
    if len(raw) > LARGEST:
        raise SourceUnreadError(f"{place} has {len(raw):,} bytes; at most {LARGEST:,} are read. Make it smaller.")
    try:
        return raw.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        raise SourceUnreadError(f"{place} is not UTF-8: see byte {error.start:,}. Save it as UTF-8.") from None


def yaml_document(raw: bytes, place: str) -> object:
    """The document of a YAML file; None for one of comments only. Raises SourceUnreadError with the line.

    Dates are texts, and a key that is given twice, a tag or a second document is an error, as in registers.
    """
    try:
        root, findings = read_yaml(place, text_of(raw, place))
    except Unreadable as error:
        raise _refused(error.findings[0]) from None
    if findings:
        raise _refused(findings[0])
    return None if root is None else plain(root, place).data


def _refused(finding: Finding) -> SourceUnreadError:
    at = f"{finding.at.path}:{finding.at.line}:{finding.at.column}"
    return SourceUnreadError(f"{at}: {finding.message}. {finding.remedy}")


def json_document(raw: bytes, place: str) -> object:
    """The document of a JSON file or answer. Raises SourceUnreadError with the line.

    A key that is given twice and a number that JSON does not have (NaN) are errors: other programs would read something else.
    """
    return json_value(text_of(raw, place), place)


def json_value(text: str, place: str) -> object:
    """The value of a JSON text. Raises SourceUnreadError."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise SourceUnreadError(
            f"{place}:{error.lineno}:{error.colno}: this is not JSON ({error.msg}). Check that it is whole."
        ) from None
    except RecursionError:
        raise SourceUnreadError(f"{place} has too many levels inside each other. Write it flatter.") from None
    except ValueError as error:
        raise SourceUnreadError(f"{place} is not JSON: {error}. Correct it.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {shown(twice)} stands twice in one object")
    return document


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is not a number of JSON")
