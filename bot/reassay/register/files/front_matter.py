"""Markdown files with YAML front matter: objects whose description is the body."""

import re
from dataclasses import dataclass

from reassay.register.files.nodes import MapNode, Member, ScalarNode
from reassay.register.files.text import Unreadable
from reassay.register.finding import Finding, Position

_OPENING = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML and the body of a file. The YAML begins on line 2."""

    yaml: str
    body: str
    body_line: int
    """Line of the first text of the body."""


def split(path: str, text: str) -> FrontMatter | None:
    """The parts of a file; None if it has no front matter. Raises Unreadable if that is not closed."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        remedy = "End it with a line '---'; the text after that line is the description."
        raise Unreadable(Finding(Position(path), "open-front-matter", "the front matter is never closed", remedy))
    body = text[closing.end() :]
    start = closing.end() + len(body) - len(body.lstrip())
    line = 1 + sum(1 for _ in _BREAK.finditer(text, 0, start))
    return FrontMatter(text[opening.end() : closing.start()], _BREAK.sub("\n", body.strip()), line)


def with_description(path: str, front: FrontMatter, node: MapNode) -> tuple[MapNode, tuple[Finding, ...]]:
    """The object with the body as `description`, and findings if it has one already."""
    if not front.body:
        return node, ()
    place = (front.body_line, 1)
    given = node.members.get("description")
    if given is not None:
        message = "the description is given twice: as a key and as the text below the front matter"
        at = Position(path, *given.key_place)
        flawed = MapNode(node.place, node.members, node.repeated, flawed=True)
        return flawed, (Finding(at, "duplicate-key", message, "Keep one of them."),)
    members = {**node.members, "description": Member(place, ScalarNode(place, front.body))}
    return MapNode(node.place, members, node.repeated, node.flawed), ()
