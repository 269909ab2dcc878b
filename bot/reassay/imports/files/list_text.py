"""The text of a file that lists objects: adding one entry to its list and removing others, with all comments kept."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import yaml

from reassay.imports.files.spreadsheet_yaml import Yaml12Dumper
from reassay.register.files.nodes import ListNode, MapNode, plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml

_WIDTH = 1_000


@dataclass(frozen=True, slots=True)
class ListText:
    """A file with a list in block style (`- ` on lines of their own)."""

    lines: tuple[str, ...]
    """Lines with their line ends."""
    starts: tuple[int, ...]
    """Index of the first line of each entry."""
    end: int
    """Index of the line after the last entry and the comments that belong to it."""
    indent: int
    """Blanks before the `-` of an entry."""
    entries: tuple[Mapping[str, object], ...]

    @staticmethod
    def of(text: str, key: str) -> "ListText | None":
        """The list under `key`, or of the whole file. None if it cannot be read, is empty, or is written in brackets."""
        items = _items(text, key)
        lines = tuple(text.splitlines(keepends=True))
        if items is None or not items.items or not all(isinstance(item, MapNode) for item in items.items):
            return None
        indent = items.place[1] - 1
        starts = tuple(item.place[0] - 1 for item in items.items)
        if not all(re.match(rf" {{{indent}}}- ", lines[start]) for start in starts):
            return None
        entries = tuple(_mapping(plain(item, "").data) for item in items.items)
        return ListText(lines, starts, _end(lines, starts[-1], indent), indent, entries)

    def replaced(self, fields: Mapping[str, object], without: Collection[int]) -> str:
        """The text with one more entry at the end of the list, and without the entries of some numbers."""
        newline = "\r\n" if self.lines[0].endswith("\r\n") else "\n"
        entry = indented(fields, self.indent).replace("\n", newline)
        lines = list(self.lines)
        if not lines[self.end - 1].endswith(("\n", "\r")):
            lines[self.end - 1] += newline
        bounds = [*self.starts, self.end]
        is_spaced = len(self.starts) > 1 and not lines[self.starts[-1] - 1].strip()
        gone = {index for number in without for index in range(bounds[number], bounds[number + 1])}
        before = [line for index, line in enumerate(lines[: self.end]) if index not in gone]
        gap = newline if is_spaced and len(without) < len(self.starts) else ""
        return "".join((*before, gap, entry, *lines[self.end :]))


def indented(fields: Mapping[str, object], indent: int) -> str:
    """An object as an entry of a list whose `-` has `indent` blanks before it."""
    # yaml's own types do not say that it returns text when no stream is given.
    text: str = yaml.dump({"": [dict(fields)]}, Dumper=Yaml12Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    lines = text.splitlines(keepends=True)[1:]
    return "".join(f"{' ' * indent}{line[2:]}" if line.strip() else line for line in lines)


def document(fields: Mapping[str, object]) -> str:
    """An object as a file of its own."""
    text: str = yaml.dump(dict(fields), Dumper=Yaml12Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text


def _items(text: str, key: str) -> ListNode | None:
    try:
        node, findings = read_yaml("", text)
    except Unreadable:
        return None
    if findings:
        return None
    if isinstance(node, MapNode) and key in node.members and "id" not in node.members:
        node = node.members[key].node
    return node if isinstance(node, ListNode) else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _end(lines: tuple[str, ...], start: int, indent: int) -> int:
    """The index after the last line of the entry that begins at `start`; comments that are indented more belong to it."""
    end = start + 1
    for index in range(start + 1, len(lines)):
        line = lines[index]
        blanks = len(line) - len(line.lstrip(" "))
        if not line.strip():
            continue
        if blanks <= indent and not line.lstrip().startswith("#"):
            break
        if blanks > indent:
            end = index + 1
    return end
