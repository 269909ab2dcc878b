"""Ids declared in files and entries that cannot be read: references to them are not unknown, and they stay in every view."""

import re
from collections.abc import Iterator
from typing import Final

from reassay.register.base import ID_PATTERN
from reassay.register.files.kinds import COLLECTION_KEYS, CONFIGURATION_KEYS, kind_by_folder, kind_by_name
from reassay.register.files.nodes import ListNode, MapNode, Node, ScalarNode, text_of
from reassay.register.files.tree import File
from reassay.register.finding import Finding, nearest
from reassay.register.limits import MAX_FILE_BYTES
from reassay.register.placeholders import addressed
from reassay.register.register import KINDS
from reassay.register.unreadable_entry import UnreadableEntry

_ID_LINE: Final = re.compile(r"""(?:^|[{,\s-])id:[ \t]+["']?([a-z0-9]+(?:-[a-z0-9]+)*)""")
_KEY_LINE: Final = re.compile(r"([A-Za-z_-]+):")
_KIND_LINE: Final = re.compile(r"""kind:[ \t]+["']?([a-z-]+)""")
_ITEM: Final = re.compile(r"[ \t]*-[ \t]")
_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
MAX_IDS: Final = 10_000
_MOST_GUESSES: Final = 50


def ids_in_text(file: File) -> frozenset[str]:
    """The ids that an unreadable file seems to declare, including the name of the file."""
    text = _text(file)
    stem = file.path.rpartition("/")[2].partition(".")[0]
    ids = {match[1] for match, _ in zip(_ID_LINE.finditer(text), range(MAX_IDS), strict=False)}
    return frozenset({*ids, stem})


def slug(text: str) -> str:
    """The id that is closest to a text; "" if there is none."""
    return _NOT_IN_IDS.sub("-", text[:MAX_FILE_BYTES].lower()).strip("-")


def ids_of(node: Node) -> Iterator[str]:
    """The id of an object, or the ids of a list of objects."""
    if isinstance(node, MapNode) and "id" in node.members:
        object_id = text_of(node.members["id"].node)
        if object_id:
            yield object_id
            # Other files may refer to Jailbreak_Filter as jailbreak-filter.
            yield slug(object_id)
    elif isinstance(node, ListNode):
        for item in node.items:
            if isinstance(item, MapNode):
                yield from ids_of(item)


def entries_of(node: Node, kind: str | None, why: Finding) -> Iterator[UnreadableEntry]:
    """The entries that a node declares and nobody can use; one without an id where it may declare some."""
    items = node.items if isinstance(node, ListNode) else [node]
    objects = [item for item in items if isinstance(item, MapNode)]
    yield from (entry_of(item, kind, why) for item in objects)
    if len(objects) < len(items) and not (isinstance(node, ScalarNode) and kind is None):
        yield UnreadableEntry(why, kind)


def entry_of(node: MapNode, kind: str | None, why: Finding) -> UnreadableEntry:
    """An object that nobody can use, as far as its keys can be read."""

    def text(key: str) -> str | None:
        return text_of(node.members[key].node) if key in node.members else None

    def texts(key: str) -> tuple[str, ...]:
        listed = node.members[key].node if key in node.members else None
        items = listed.items if isinstance(listed, ListNode) else []
        return tuple(name for item in items if (name := text_of(item)) and re.match(ID_PATTERN, name))

    given = text("id") or ""
    name = given if re.match(ID_PATTERN, given) else slug(given)
    return UnreadableEntry(why, kind, name or None, addressed(text("owner")), texts("deployments"), texts("formerly"))


def entries_in_text(file: File, why: Finding) -> Iterator[UnreadableEntry]:
    """The entries that an unreadable file seems to declare, then one without an id for each kind that it may hold besides.

    Ids are looked for line by line, so none of them is certain.
    """
    folder = kind_by_folder(file.path)
    section, kinds = folder or kind_by_name(file.path), {folder} if folder else set()
    indents: dict[str | None, int] = {}
    guesses: dict[str, str | None] = {**COLLECTION_KEYS}
    for line, _ in zip(_text(file).splitlines(), range(MAX_IDS), strict=False):
        key = _KEY_LINE.match(line)
        if key is not None and key[1] not in CONFIGURATION_KEYS:
            stated = _KIND_LINE.match(line)
            if key[1] not in guesses and len(guesses) < _MOST_GUESSES:
                guesses[key[1]] = kind_of_key(key[1])
            section = stated[1] if stated and stated[1] in KINDS else guesses.get(key[1]) or section
            kinds |= {section} if section else set()
        item = _ITEM.match(line)
        indent = item.end() if item else len(line) - len(line.lstrip())
        match = _ID_LINE.search(line)
        before = line[: match.start(1)].rstrip(" \t\"'").removesuffix("id:") if match else ""
        is_entry = not before.strip(" -{") or (item and line[item.end() :].startswith("{") and "[" not in before)
        if match is not None and is_entry and indent <= indents.setdefault(section, indent):
            yield UnreadableEntry(why, section, match[1])
    yield from (UnreadableEntry(why, kind) for kind in sorted(kinds))
    if not kinds:
        yield UnreadableEntry(why)


def kind_of_key(key: str) -> str | None:
    """The kind that a key of a collection lists, also if it is misspelt; None if it resembles none."""
    return COLLECTION_KEYS.get(nearest(key, COLLECTION_KEYS) or "")


def _text(file: File) -> str:
    return (file.data or b"")[:MAX_FILE_BYTES].decode("utf-8", "replace")
