"""Where the hosted App keeps what plainly written files say, so that a worker that starts anew need not parse them again.

It changes when something is parsed and never what comes of it: what is kept is the first half of the quick way, by the
bytes of the file and its path, and everything that a finding could come of is parsed and validated as ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.adapters.register_files.quick_reader import Parsed, parsed
from bot.adapters.register_files.tree import File


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
    new: list[tuple[File, Parsed]] = []
    for number, file in enumerate(files):
        if number not in kept:
            found = parsed(file)
            if found is not None:
                new.append((file, found))
            yield number, found
    if new:
        shelf.put(new)
