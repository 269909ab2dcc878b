"""A YAML document as a tree of nodes with their places. Aliases share nodes; there are no cycles."""

from dataclasses import dataclass, field

from reassay.register.files.scalars import Scalar
from reassay.register.finding import Location, Origin, Position

Place = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(slots=True)
class ScalarNode:
    """A single value."""

    place: Place
    value: Scalar
    flawed: bool = False
    """Whether a finding says that it has none."""
    written: str = ""
    """The text of a number: 1.10 is not 1.1 where it is an id."""


@dataclass(slots=True)
class ListNode:
    """A sequence."""

    place: Place
    items: "list[Node]" = field(default_factory=list)
    flawed: bool = False
    """Whether a finding was made here or below."""


@dataclass(slots=True)
class Member:
    """A key and its value."""

    key_place: Place
    node: "Node"


@dataclass(slots=True)
class MapNode:
    """A mapping with text keys, each once."""

    place: Place
    members: dict[str, Member] = field(default_factory=dict)
    repeated: "list[tuple[str, Node]]" = field(default_factory=list)
    """Keys given again with their values, which are not used."""
    flawed: bool = False

    def without(self, *keys: str) -> "MapNode":
        """A copy without some keys."""
        kept = {key: member for key, member in self.members.items() if key not in keys}
        return MapNode(self.place, kept, self.repeated, self.flawed)


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A document as plain data with its source."""

    data: object
    origin: Origin
    unreadable: frozenset[Location]
    """Locations that have a finding already."""


def plain(node: Node, path: str, *, has_numbers_as_written: bool = False) -> PlainDocument:
    """The plain document of a node, aliases expanded. The composer has bounded its size."""
    marks: dict[Location, Place] = {}
    key_marks: dict[Location, Place] = {}
    unreadable: set[Location] = set()

    # Recursion is safe: the composer bounds the depth.
    def walk(current: Node, location: Location) -> object:
        marks[location] = current.place
        match current:
            case ScalarNode():
                if current.flawed:
                    unreadable.add(location)
                return (has_numbers_as_written and current.written) or current.value
            case ListNode():
                return [walk(item, (*location, index)) for index, item in enumerate(current.items)]
            case MapNode():
                values = {}
                for key, member in current.members.items():
                    below = (*location, key)
                    key_marks[below] = member.key_place
                    values[key] = walk(member.node, below)
                return values

    data = walk(node, ())
    return PlainDocument(data, Origin(path, marks, key_marks), frozenset(unreadable))


def position(path: str, place: Place) -> Position:
    """A place as a Position of a file."""
    return Position(path, *place)


def text_of(node: Node | None) -> str | None:
    """The text of a node; None if it is not a text."""
    return node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else None
