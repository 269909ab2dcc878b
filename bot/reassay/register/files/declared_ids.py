"""Ids declared in files that cannot be read, so that references to them are not reported as unknown."""

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
    """The ids that an unreadable file seems to declare, including the name of the file."""
    text = (file.data or b"")[:MAX_FILE_BYTES].decode("utf-8", "replace")
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


def ids_given_twice(node: MapNode) -> Iterator[tuple[str, str]]:
    """Kind and id of objects below a repeated key of a collection, which are not used."""
    for key, dropped in node.repeated:
        if key in COLLECTION_KEYS:
            for object_id in ids_of(dropped):
                yield COLLECTION_KEYS[key], object_id
