"""Composition of YAML parser events into nodes, without recursion and with limits on what an attacker could multiply."""

from dataclasses import dataclass, field
from typing import Final

from yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

from reassay.register.files.nodes import ListNode, MapNode, Member, Node, Place, ScalarNode, position
from reassay.register.files.scalars import TAG_PREFIX, resolve, resolve_tagged
from reassay.register.files.text import Unreadable
from reassay.register.finding import Finding, quoted

MAX_DEPTH: Final = 50
MAX_NODES: Final = 100_000
"""Most values of one document, aliases expanded."""
MAX_TEXT: Final = 4 * 1024 * 1024
"""Most characters of all values together, aliases expanded."""
MAX_SCALAR: Final = 64 * 1024
"""Most characters of one value."""
MAX_FINDINGS: Final = 100
"""Most findings of one document."""
_NUMBERS: Final = frozenset({int, float})
_COLLECTION_TAGS: Final = {"map": MapNode, "seq": ListNode}
_Size = tuple[int, int, int]
"""The values, characters and levels of a node, aliases expanded."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read."""

    node: ListNode | MapNode
    anchor: str | None
    is_flow: bool
    """Whether it is written in brackets."""
    nodes: int = 1
    text: int = 0
    height: int = 0
    key: "Node | None" = None
    """The key whose value comes next."""


@dataclass(slots=True)
class Composer:
    """A builder of the nodes of one document. It records findings and raises Unreadable at a limit."""

    path: str
    first_line: int = 1
    root: Node | None = None
    findings: list[Finding] = field(default_factory=list)
    _frames: list[_Frame] = field(default_factory=list)
    _anchors: dict[str, tuple[Node, _Size]] = field(default_factory=dict)

    def place(self, event: Event) -> Place:
        """The place of the start of an event in the file."""
        mark = event.start_mark
        assert mark is not None  # noqa: S101 -- libyaml marks every event; only the annotations allow None
        return mark.line + self.first_line, mark.column + 1

    @property
    def open_bracket(self) -> Place | None:
        """The place of the innermost open bracket; None if there is none."""
        return next((frame.node.place for frame in reversed(self._frames) if frame.is_flow), None)

    def scalar(self, event: ScalarEvent) -> None:
        """Adds a value or a key."""
        place, length = self.place(event), len(event.value)
        if length > MAX_SCALAR:
            message = f"this text has {length:,} characters; at most {MAX_SCALAR:,} are read"
            self._stop(place, "text-too-long", message, "Keep long texts in a file of their own and link to it.")
        node = self._resolved(event, place)
        size = (1, length, 0)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, size)
        self._add(node, size)

    def begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        """Opens a mapping or a list."""
        place = self.place(event)
        if len(self._frames) >= MAX_DEPTH:
            self._stop(place, "too-deep", f"more than {MAX_DEPTH} levels inside each other", "Write it flatter.")
        node: ListNode | MapNode = MapNode(place) if isinstance(event, MappingStartEvent) else ListNode(place)
        if event.tag and _COLLECTION_TAGS.get(event.tag.removeprefix(TAG_PREFIX)) is not type(node):
            self._note(place, "unknown-tag", f"the tag {quoted(_short(event.tag))} is not read", "Delete the tag.")
            node.flawed = True
        self._frames.append(_Frame(node, event.anchor, bool(event.flow_style)))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)

    def end(self) -> None:
        """Closes the innermost mapping or list."""
        frame = self._frames.pop()
        size = (frame.nodes, frame.text, frame.height)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.node, size)
        self._add(frame.node, size)

    def alias(self, event: AliasEvent) -> None:
        """Adds the node that an alias refers to."""
        place = self.place(event)
        name = event.anchor or ""
        anchored = self._anchors.get(name)
        if anchored is not None:
            node, size = anchored
            self._add(node, size)
            return
        if any(frame.anchor == name for frame in self._frames):
            message = f"the alias {quoted('*' + name)} is inside the content that it repeats"
            self._note(place, "circular-alias", message, "Write the content out.")
        else:
            message = f"the alias {quoted('*' + name)} refers to nothing: no anchor of that name comes before it"
            self._note(
                place,
                "unknown-alias",
                message,
                "Write the content out, or put the text in quotes if the * belongs to it.",
            )
        self._add(ScalarNode(place, None, flawed=True), (1, 0, 0))

    def _resolved(self, event: ScalarEvent, place: Place) -> ScalarNode:
        try:
            if event.tag is not None:
                return ScalarNode(place, resolve_tagged(event.value, event.tag))
            if not event.implicit[0]:
                return ScalarNode(place, event.value)
            value = resolve(event.value)
            return ScalarNode(place, value, written=event.value if type(value) in _NUMBERS else "")
        except KeyError:
            message = f"the tag {quoted(_short(event.tag or ''))} is not read"
            self._note(
                place, "unknown-tag", message, "Delete the tag, or put the text in quotes if the ! belongs to it."
            )
        except ValueError as error:
            self._note(place, "bad-number", str(error), "If it is meant as text, put it in quotes.")
        return ScalarNode(place, None, flawed=True)

    def _add(self, node: Node, size: _Size) -> None:
        """Adds a complete node to the innermost collection."""
        if not self._frames:
            self.root = node
            return
        frame = self._frames[-1]
        nodes, text, height = size
        frame.nodes += nodes
        frame.text += text
        if height >= frame.height:
            frame.height = height + 1
        if frame.nodes > MAX_NODES or frame.text > MAX_TEXT or len(self._frames) + height > MAX_DEPTH:
            message = "repetitions and values in this file add up to more than is read"
            remedy = "Write fewer aliases, or split the file."
            self._stop(node.place, "too-much", message, remedy)
        if isinstance(frame.node, ListNode):
            frame.node.items.append(node)
            if node.flawed:
                frame.node.flawed = True
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._pair(frame.node, key, node)

    def _pair(self, mapping: MapNode, key: Node, node: Node) -> None:
        if node.flawed:
            mapping.flawed = True
        if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
            mapping.flawed = True
            if not key.flawed:
                self._note(key.place, "key-not-text", "a key must be a text", "Put the key in quotes.")
        elif key.value == "<<":
            mapping.flawed = True
            remedy = "Repeat the keys here; an alias (*name) for a single value is fine."
            self._note(key.place, "merge-key", "merge keys (<<) are not part of YAML 1.2 and are not read", remedy)
        elif (first := mapping.members.get(key.value)) is not None:
            mapping.flawed = True
            mapping.repeated.append((key.value, node))
            message = f"the key {quoted(key.value)} is given twice; the first is on line {first.key_place[0]}"
            self._note(key.place, "duplicate-key", message, "Keep one of them.")
        else:
            mapping.members[key.value] = Member(key.place, node)

    def _note(self, place: Place, code: str, message: str, remedy: str) -> None:
        if len(self.findings) >= MAX_FINDINGS:
            self._stop(place, "too-many-findings", "this file has more errors than are listed", "Fix these first.")
        self.findings.append(Finding(position(self.path, place), code, message, remedy))

    def _stop(self, place: Place, code: str, message: str, remedy: str) -> None:
        raise Unreadable(Finding(position(self.path, place), code, message, remedy))


def _short(tag: str) -> str:
    return "!!" + tag.removeprefix(TAG_PREFIX) if tag.startswith(TAG_PREFIX) else tag
