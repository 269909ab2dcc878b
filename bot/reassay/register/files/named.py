"""Which ids a file names that could not be read: a reference to them is not called unknown."""

import re
from collections.abc import Iterator
from typing import Final

from reassay.register.files.kinds import COLLECTION_KEYS
from reassay.register.files.nodes import ListNode, MapNode, Node, text_of
from reassay.register.files.tree import File
from reassay.register.limits import MAX_FILE_BYTES

_ID_LINE: Final = re.compile(r"""(?:^|[{,\s-])id:[ \t]+["']?([a-z0-9]+(?:-[a-z0-9]+)*)""")
_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
MAX_IDS: Final = 10_000


def ids_in_text(file: File) -> frozenset[str]:
    """Ids that a file seems to name, whatever is wrong with it; its own name is one, too."""
    text = (file.data or b"")[:MAX_FILE_BYTES].decode("utf-8", "replace")
    stem = file.path.rpartition("/")[2].partition(".")[0]
    found = {match[1] for match, _ in zip(_ID_LINE.finditer(text), range(MAX_IDS), strict=False)}
    return frozenset({*found, stem})


def slug(text: str) -> str:
    """The id that a text could be meant as; "" if none."""
    return _NOT_IN_IDS.sub("-", text[:MAX_FILE_BYTES].lower()).strip("-")


def ids_of(node: Node) -> Iterator[str]:
    """The id of an object, or those of a list's objects."""
    if isinstance(node, MapNode) and "id" in node.members:
        found = text_of(node.members["id"].node)
        if found:
            yield found
            # Who wrote Jailbreak_Filter here will have written jailbreak-filter elsewhere.
            yield slug(found)
    elif isinstance(node, ListNode):
        for item in node.items:
            if isinstance(item, MapNode):
                yield from ids_of(item)


def ids_given_twice(node: MapNode) -> Iterator[tuple[str, str]]:
    """Kind and id of the objects under a collection's key that is given a second time and therefore not used."""
    for key, dropped in node.repeated:
        if key in COLLECTION_KEYS:
            for found in ids_of(dropped):
                yield COLLECTION_KEYS[key], found
