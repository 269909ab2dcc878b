"""Register objects as YAML of a collection file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import yaml

from reassay.common.calendar import parse_duration
from reassay.register.base import Described, Strict
from reassay.register.files.scalars import resolve
from reassay.register.schedules import Schedule

_WIDTH: Final = 1_000
"""Width of a line, large enough to keep prose unfolded."""
_DURATIONS: Final = frozenset({"every", "interval", "at_least_after", "grace", "due"})
_DISPUTED: Final = ("\x85", "\u2028", "\u2029")


class Yaml12Dumper(yaml.SafeDumper):
    """YAML dumper with indented lists and YAML 1.2 scalars."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- PyYAML's signature
        """Indents lists, against PyYAML's default."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if any(character in text for character in _DISPUTED):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif not _is_plain_text(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_plain_text(text: str) -> bool:
    """Whether a text needs no quotes in YAML 1.2, where `0o17` and `1e5` are numbers."""
    try:
        return resolve(text) == text
    except ValueError:
        return False


Yaml12Dumper.add_representer(str, _text)


def as_yaml(lists: Mapping[str, Sequence[Described]], head: Iterable[str] = ()) -> str:
    """A collection file of some lists of objects, without empty lists, with `head` as comment lines."""
    document = {key: [_plain(entry) for entry in objects] for key, objects in lists.items() if objects}
    comment = "".join(f"# {line}\n" for line in head)
    return comment + "".join(_dumped({key: entries}) for key, entries in document.items())


def more_entries(objects: Sequence[Described]) -> str:
    """Entries to append to the last list of a file."""
    text = _dumped({"entries": [_plain(entry) for entry in objects]})
    return text.partition("\n")[2]


def _dumped(document: Mapping[str, object]) -> str:
    # yaml's own types do not say that it returns text when no stream is given.
    text: str = yaml.dump(document, Dumper=Yaml12Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2)
    return text


def _plain(value: Strict) -> dict[str, object]:
    """An object as a person writes it: stated fields only, durations in words, dates unquoted."""
    stated = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {key: _in_words(key, item, getattr(value, key, None)) for key, item in stated.items()}


def _in_words(key: str, item: object, original: object) -> object:
    if isinstance(original, date):
        return original
    if isinstance(original, Schedule):
        # A union of durations and schedules is dumped as a duration.
        return _plain(original)
    if isinstance(item, dict):
        return {name: _in_words(name, inner, getattr(original, name, None)) for name, inner in item.items()}
    if key in _DURATIONS and isinstance(item, str) and item.startswith("P"):
        return parse_duration(item).words()
    return item
