"""JSON of any size, read as a stream: of the document only what a shape names is kept, and everything has a bound."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeAlias

import ijson  # type: ignore[import-untyped] # it ships no types

from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.json_small import parsed
from reassay.evidence.readers.json_values import Json
from reassay.evidence.readers.python_constants import ConstantFilter

MOST_SMALL: Final = 1024 * 1024
"""Bytes of a document that is parsed at once; what is larger, or odd in any way, is read as a stream."""
MOST_DEPTH: Final = 200
"""Levels inside each other."""
MOST_VALUES: Final = 400_000
"""Values that are kept of a document, and of each of its items."""
MOST_TEXT: Final = 32 * 1024 * 1024
"""Characters that are kept of a document, and of each of its items."""
MOST_TOKEN: Final = 16 * 1024 * 1024
"""Bytes of a single text or number, whether it is kept or not."""
_CHUNK: Final = 256 * 1024
_DEEP: Final = f"it has more than {MOST_DEPTH} levels inside each other"
_STEPS: Final = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_AGAIN: Final = (
    "Export the file again with the tool that wrote it; if that is how it writes it, ask for the format to be added."
)


@dataclass(frozen=True, slots=True)
class ItemList:
    """In a shape: a list whose items are handed over one by one and not kept. A shape has at most one."""

    shape: "Shape"


Shape: TypeAlias = "bool | ItemList | list[Shape] | dict[str, Shape]"
"""What is kept: True is a whole value; an object keeps its named keys (`*` is any other key); a list of one shape keeps its items
in that shape, an empty one keeps none. A value of another type than its shape's is kept as it is; a container of another type
is kept empty."""


def _no_item(_item: Json) -> None:
    """Items of a shape without an ItemList."""


def picked(stream: BinaryIO, shape: Shape, take: Callable[[Json], None] = _no_item) -> Json:
    """The parts of a JSON document that a shape names; `take` is called with each item of its ItemList meanwhile.

    NaN and Infinity, which JSON does not have but Python writes, are read as null. Raises UnreadableResultError for anything else
    that is not JSON, for a document that is cut off, for a repeated key in an object that is kept, and beyond the bounds.
    """
    first = stream.read(MOST_SMALL + 1)
    if len(first) <= MOST_SMALL and first.count(b",") < MOST_VALUES:
        items: list[Json] = []
        with suppress(ValueError):  # the stream says what is wrong, or that it is in a part that is skipped
            rest = _projected(parsed(first.removeprefix(b"\xef\xbb\xbf")), shape, items)
            for item in items:
                take(item)
            return rest
    builder = _Builder(shape, take)
    for events in _events(first, stream):
        builder.build(events)
    return builder.root


def _projected(value: Json, shape: Shape, items: list[Json]) -> Json:
    """What a shape names of a parsed document. Raises ValueError for what is too deep."""
    if shape is True:
        return _within_depth(value)
    if isinstance(value, dict):
        if not isinstance(shape, dict):
            return {}
        if "*" not in shape:
            return {key: _projected(value[key], below, items) for key, below in shape.items() if key in value}
        return {key: _projected(item, shape.get(key, shape["*"]), items) for key, item in value.items()}
    return _projected_list(value, shape, items) if isinstance(value, list) else value


def _projected_list(value: list[Json], shape: Shape, items: list[Json]) -> list[Json]:
    if isinstance(shape, ItemList):
        items += [_projected(item, shape.shape, []) for item in value]
        return []
    return [_projected(item, shape[0], items) for item in value] if isinstance(shape, list) and shape else []


def _within_depth(value: Json) -> Json:
    level, depth = [value], 0
    while level := [inner for outer in level if isinstance(outer, list | dict) for inner in _inner(outer)]:
        depth += 1
        if depth > MOST_DEPTH // 2:
            raise ValueError("deep")
    return value


def _inner(value: "list[Json] | dict[str, Json]") -> Iterable[Json]:
    return value.values() if isinstance(value, dict) else value


def picked_of_head(head: bytes, shape: Shape) -> Json:
    """As `picked`, of the first bytes of a document, with unfinished objects and lists; never raises.

    By it readers recognise their files.
    """
    builder = _Builder(shape, _no_item)
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    with suppress(ijson.JSONError, ValueError):  # what came before may be enough
        parser.send(ConstantFilter().filtered(head.removeprefix(b"\xef\xbb\xbf")))
    with suppress(UnreadableResultError):  # reading the file will say so
        builder.build(events)
    return builder.root


def _chunks(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    first = first.removeprefix(b"\xef\xbb\xbf")
    yield from (first[start : start + _CHUNK] for start in range(0, len(first), _CHUNK))
    while chunk := stream.read(_CHUNK):
        yield chunk


def _events(first: bytes, stream: BinaryIO) -> Iterator[list[tuple[str, Json]]]:
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    constants = ConstantFilter()
    silent = 0
    try:
        for chunk in _chunks(first, stream):
            if part := constants.filtered(chunk):  # an empty one would mean the end
                parser.send(part)
            silent = 0 if events else silent + len(chunk)
            if silent > MOST_TOKEN:
                raise _beyond(f"a single text in it is larger than {MOST_TOKEN >> 20} MiB")
            yield events
            del events[:]
        if part := constants.rest():
            parser.send(part)
        parser.close()
    except ijson.JSONError as error:
        raise _no_json(str(error)) from None
    except UnicodeError:
        raise _no_json("UTF8") from None
    yield events


def _no_json(why: str) -> UnreadableResultError:
    if "premature EOF" in why:
        return UnreadableResultError(
            "the file ends in the middle of its JSON: it was cut off, or the run that wrote it died",
            "Export or download the file again.",
        )
    if "UTF8" in why:
        return UnreadableResultError("the file has bytes that are not UTF-8", "Save it as UTF-8.")
    if "overflow" in why:
        return UnreadableResultError("the file has a number that is too large to be read", _AGAIN)
    if "trailing garbage" in why:
        return UnreadableResultError("something follows after the end of the JSON document", _AGAIN)
    return UnreadableResultError("the file is no valid JSON", _AGAIN)


def _beyond(what: str) -> UnreadableResultError:
    return UnreadableResultError(f"the file is beyond what is read safely: {what}", _AGAIN)


class _Frame:
    """An object or list that is being read."""

    __slots__ = ("container", "is_handed_over", "key", "keys", "next", "other")

    def __init__(self, container: "list[Json] | dict[str, Json]", shape: Shape) -> None:
        self.container = container
        self.is_handed_over = isinstance(shape, ItemList) and isinstance(container, list)
        self.key = ""
        self.keys: dict[str, Shape] | None = None
        """Shapes by key, of an object of which not all is kept."""
        self.other: Shape | None = None
        self.next: Shape | None = True if shape is True else None
        """The shape of the value that comes next; None if it is not kept."""
        if isinstance(container, dict):
            if isinstance(shape, dict):
                self.keys, self.other = shape, shape.get("*")
        elif isinstance(shape, ItemList):
            self.next = shape.shape
        elif isinstance(shape, list) and shape:
            self.next = shape[0]

    def go_to(self, key: str) -> None:
        """Goes to the value of a key."""
        self.key = key
        if self.keys is not None:
            self.next = self.keys.get(key, self.other)


class _Builder:
    """The kept part of a document, built from the events of the parser."""

    def __init__(self, shape: Shape, take: Callable[[Json], None]) -> None:
        self.root: Json = None
        self._shape = shape
        self._take = take
        self._frames: list[_Frame] = []
        self._skipped = 0
        """Levels of the value that is being skipped."""
        self._values = self._text = 0

    def build(self, events: list[tuple[str, Json]]) -> None:
        steps, skipped = _STEPS, self._skipped
        for event, value in events:
            if skipped:  # most of a file is skipped, so that this has to be quick
                if event in steps:
                    skipped += steps[event]
                    if skipped > MOST_DEPTH:
                        raise _beyond(_DEEP)
            elif event == "map_key":
                self._frames[-1].go_to(str(value))
            elif event not in steps:
                self._scalar(value)
            elif steps[event] > 0:
                skipped = self._begin({} if event == "start_map" else [])
            else:
                self._end()
        self._skipped = skipped

    def _begin(self, container: "list[Json] | dict[str, Json]") -> int:
        """Opens a container; 1 if it is skipped."""
        shape = self._frames[-1].next if self._frames else self._shape
        if shape is None:
            return 1
        if len(self._frames) >= MOST_DEPTH:
            raise _beyond(_DEEP)
        if not (self._frames and self._frames[-1].is_handed_over):
            self._put(container)
        self._frames.append(_Frame(container, shape))
        return 0

    def _end(self) -> None:
        frame = self._frames.pop()
        if self._frames and self._frames[-1].is_handed_over:
            self._hand_over(frame.container)

    def _scalar(self, value: Json) -> None:
        if not self._frames:
            self.root = value
        elif self._frames[-1].is_handed_over:
            self._hand_over(value)
        elif self._frames[-1].next is not None:
            self._put(value)

    def _hand_over(self, item: Json) -> None:
        self._values = self._text = 0
        self._take(item)

    def _put(self, value: Json) -> None:
        self._values += 1
        if isinstance(value, str):
            self._text += len(value)
        if self._values > MOST_VALUES or self._text > MOST_TEXT:
            raise _beyond("a record in it is too large")
        if not self._frames:
            self.root = value
            return
        frame = self._frames[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif frame.key in frame.container:
            raise UnreadableResultError("a key stands twice in the same object, so that its value is open", _AGAIN)
        else:
            frame.container[frame.key] = value
