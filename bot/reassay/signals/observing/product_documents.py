"""Configuration files of products: YAML, JSON and TOML as documents in which a JSON pointer (RFC 6901) names a value.

A file is read by the rules of its format, and what these leave open is refused where it is asked for: a repeated key, a tag, a
number that would be rounded. Other parts of the file may have such things.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reassay.register.files.nodes import ListNode, MapNode, Node, ScalarNode, plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import quoted

LARGEST_FILE: Final = 500_000
"""Bytes of a file; GitHub gives the text of files up to about this size."""
_DEEPEST: Final = 100


class UnreadValueError(Exception):
    """The value cannot be read. The message is the reason, in lower case and without a full stop."""


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value of a document and the line it is on."""

    data: object
    """None, a text, a number, a truth value, a list or a mapping."""
    line: int | None
    """From 1; None where the format's reader does not say."""


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """A file that was read."""

    root: object
    """A Node of YAML, or plain data."""

    def value_at(self, pointer: str) -> FoundValue:
        """The value at a JSON pointer; the whole document for an empty one. Raises UnreadValueError."""
        current: object = self.root
        walked = ""
        for key in _keys(pointer):
            walked += f"/{key}"
            current = _step(current, key, walked)
        if isinstance(current, ScalarNode | ListNode | MapNode):
            if current.flawed:
                why = "a key twice, a tag, or a number that cannot be kept exactly"
                raise UnreadValueError(f"{_shown(walked)} has what programs read in different ways: {why}")
            return FoundValue(plain(current, "").data, current.place[0])
        return FoundValue(current, None)


def read_document(path: str, data: bytes) -> ProductDocument:
    """The document of a file; its ending says the format. Raises UnreadValueError, and nothing else for any bytes."""
    if len(data) > LARGEST_FILE:
        raise UnreadValueError(f"the file has {len(data):,} bytes, and at most {LARGEST_FILE:,} are read")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadValueError("the file is not UTF-8") from error
    if path.endswith(".json"):
        return ProductDocument(_json(text))
    if path.endswith(".toml"):
        return ProductDocument(_toml(text))
    return ProductDocument(_yaml(path, text))


def _yaml(path: str, text: str) -> Node | None:
    try:
        return read_yaml(path, text)[0]
    except Unreadable as error:
        finding = error.findings[-1]
        raise UnreadValueError(f"the file is not valid YAML: {finding.message} (line {finding.at.line})") from error


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_not_finite)
    except _AmbiguousError as error:
        raise UnreadValueError(f"the file is not valid JSON: {error}") from error
    except RecursionError as error:
        raise UnreadValueError("the file is nested too deeply") from error
    except ValueError as error:
        raise UnreadValueError("the file is not valid JSON") from error


class _AmbiguousError(ValueError):
    """A file that programs read in different ways."""


def _once(pairs: Iterable[tuple[str, object]]) -> Mapping[str, object]:
    members: dict[str, object] = {}
    for key, value in pairs:
        if key in members:
            raise _AmbiguousError(f"the key {quoted(key)} is given twice")
        members[key] = value
    return members


def _not_finite(word: str) -> object:
    raise _AmbiguousError(f"{word} is not a number")


def _toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UnreadValueError("the file is nested too deeply") from error
    except ValueError as error:
        raise UnreadValueError("the file is not valid TOML") from error


def _keys(pointer: str) -> tuple[str, ...]:
    parts = pointer.split("/")[1:]
    if len(parts) > _DEEPEST:
        raise UnreadValueError(f"the pointer has more than {_DEEPEST} steps")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def _step(current: object, key: str, walked: str) -> object:
    if isinstance(current, MapNode):
        if any(name == key for name, _ in current.repeated):
            raise UnreadValueError(f"{_shown(walked)} is given twice")
        member = current.members.get(key)
        if member is None:
            raise UnreadValueError(f"there is no {_shown(walked)}")
        return member.node
    if isinstance(current, Mapping):
        if key not in current:
            raise UnreadValueError(f"there is no {_shown(walked)}")
        return current[key]
    items = current.items if isinstance(current, ListNode) else current
    if isinstance(items, list):
        # RFC 6901, section 4: digits without a leading zero.
        is_index = key.isascii() and key.isdigit() and (key == "0" or not key.startswith("0"))
        if not is_index or len(key) > len(str(len(items))) or int(key) >= len(items):
            raise UnreadValueError(f"there is no {_shown(walked)}")
        return items[int(key)]
    raise UnreadValueError(f"there is no {_shown(walked)}")


def _shown(walked: str) -> str:
    return quoted(walked or "the document")
