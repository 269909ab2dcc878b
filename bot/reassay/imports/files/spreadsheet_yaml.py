"""Objects as a collection file: YAML that this project's own reader reads back as the same values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import yaml

from reassay.common.calendar import parse_duration
from reassay.register.base import Described
from reassay.register.files.scalars import resolve

_WIDTH: Final = 1_000
"""Long enough that prose is not folded where nobody wrote a break."""
_DURATIONS: Final = frozenset({"every", "at_least_after", "grace", "due"})
_DISPUTED: Final = ("\x85", "\u2028", "\u2029")


class Yaml12Dumper(yaml.SafeDumper):
    """Indented lists, as people write them; text stays text by the rules of YAML 1.2, too."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- PyYAML's signature
        """Never indentless."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if any(each in text for each in _DISPUTED):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif not _is_plain_text(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_plain_text(text: str) -> bool:
    """PyYAML knows YAML 1.1; `0o17` and `1e5` are numbers in 1.2, which is what registers are."""
    try:
        return resolve(text) == text
    except ValueError:
        return False


Yaml12Dumper.add_representer(str, _text)


def as_yaml(lists: Mapping[str, Sequence[Described]], head: Iterable[str] = ()) -> str:
    """A collection file: key to objects, empty lists left out; `head` becomes comment lines."""
    document = {key: [_plain(each) for each in objects] for key, objects in lists.items() if objects}
    comment = "".join(f"# {line}\n" for line in head)
    return comment + "".join(_dumped({key: entries}) for key, entries in document.items())


def more_entries(objects: Sequence[Described]) -> str:
    """Further entries for the list with which a file ends."""
    text = _dumped({"entries": [_plain(each) for each in objects]})
    return text.partition("\n")[2]


def _dumped(document: Mapping[str, object]) -> str:
    # yaml's own types do not say that it returns text when no stream is given.
    text: str = yaml.dump(document, Dumper=Yaml12Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2)
    return text


def _plain(value: Described) -> dict[str, object]:
    """As a person would write it: only what is stated, durations in words, dates bare."""
    found = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {key: _in_words(key, item, getattr(value, key, None)) for key, item in found.items()}


def _in_words(key: str, item: object, original: object) -> object:
    if isinstance(original, date):
        return original
    if isinstance(item, dict):
        return {name: _in_words(name, inner, getattr(original, name, None)) for name, inner in item.items()}
    if key in _DURATIONS and isinstance(item, str) and item.startswith("P"):
        return parse_duration(item).words()
    return item
