"""Where the hosted App keeps what plainly written files say, so that a worker that starts anew need not parse them again.

It changes when something is parsed and never what comes of it: what is kept is the first half of the quick way, by the
bytes of the file and its path, and everything that a finding could come of is parsed and validated as ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from reassay.register.files.apart import parsed_apart
from reassay.register.files.helpers import WORTH_IT
from reassay.register.files.quick_reader import Parsed
from reassay.register.files.tree import File


class Shelf(Protocol):
    """May lose anything at any time."""

    def take(self, files: Sequence[File]) -> Mapping[int, Parsed]:
        """What is kept of these files, by their place among them."""
        ...

    def put(self, found: Iterable[tuple[File, Parsed]]) -> None:
        """Keeps what files say."""
        ...


def parsed_once(files: Sequence[File], shelf: Shelf) -> Iterator[tuple[int, Parsed | None]]:
    """Each file's number and what the quick way makes of it; what is not kept yet is afterwards."""
    kept = shelf.take(files)
    yield from kept.items()
    new = [number for number in range(len(files)) if number not in kept]
    # Few files are composed: that takes less time than a process of its own.
    made = parsed_apart([files[number] for number in new]) if len(new) >= WORTH_IT else [None] * len(new)
    yield from zip(new, made, strict=True)
    fresh = [(files[number], found) for number, found in zip(new, made, strict=True) if found is not None]
    if fresh:
        shelf.put(fresh)
