"""Files that are not read unless something leads to them, and what can be told of them without parsing.

Each holds one mitigation and is written so plainly that its words can be searched: whatever could hide a name, an id or a
second object makes a file unusual, and unusual files are always read.
"""

import re
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from mmap import mmap
from typing import Final

from reassay.register.files.kinds import kind_by_folder
from reassay.register.files.tree import File, Mode

_WITHIN_A_NAME: Final = b"abcdefghijklmnopqrstuvwxyz0123456789-"
_LETTERS: Final = frozenset(bytes([each]) for each in _WITHIN_A_NAME)
_NAME: Final = re.compile(rb" *([a-z0-9-]+) *")
_OTHERS: Final = rb"kind|mitigations|formerly|---|\.\.\.|[?%\"']"
_TELLING: Final = re.compile(rb"\n(?:id: ([^\n]*)|%b)" % _OTHERS)
"""The line of an id, with what stands there; or how no line of a plain file begins: other kinds, collections, further
names, second documents, keys in another form. One search finds both."""
_PLAIN: Final = re.compile(rb"\n(?:id: ([a-z0-9-]+)(?=\n)|id: |%b)" % _OTHERS)
"""The same, where nothing but a name stands in that line."""
_HIDING: Final = (b"\\", b"\r", b"\0")
"""What can hide a word, the end of a line, or the end of a file."""
BEGINS: Final = frozenset(bytes([each]) for each in b"#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Aside:
    """Texts one after another: one search through everything takes a tenth of ten thousand small ones."""

    paths: Sequence[str] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    """The path of each by the id that it declares."""
    together: bytes | mmap = b""
    starts: Sequence[int] = ()
    """Where each text begins."""
    sizes: Sequence[int] = ()

    def only(self, paths: Collection[str]) -> "Aside":
        """Those of some paths, of which a set is wanted."""
        gone = [number for number, path in enumerate(self.paths) if path not in paths]
        columns = list(self.paths), list(self.starts), list(self.sizes)
        for number in reversed(gone):
            for column in columns:
                del column[number]
        left = {self.paths[number] for number in gone}
        ids = {name: path for name, path in self.ids.items() if path not in left}
        return replace(self, paths=columns[0], ids=ids, starts=columns[1], sizes=columns[2])

    def file(self, path: str) -> File:
        """One of them."""
        at = self._places[path]
        start, size = self.starts[at], self.sizes[at]
        return File(path, self.together[start : start + size], size=size)

    def naming(self, names: Iterable[str]) -> set[str]:
        """What has one of these names in its text, wherever it stands there."""
        return {self.paths[at] for name in sorted(names) for at in self._standing(name.encode())}

    def serving_all(self) -> set[str]:
        """What names no deployment, and so serves all."""
        return set(self.paths) - {self.paths[number] for number, _, _ in self._holding(b"deployments")}

    def _standing(self, word: bytes) -> Iterator[int]:
        """Where a name stands whole: it is no part of a longer one."""
        return (
            number
            for number, start, end in self._holding(word)
            if self.together[start - 1 : start] not in _LETTERS and self.together[end : end + 1] not in _LETTERS
        )

    def _holding(self, word: bytes) -> Iterator[tuple[int, int, int]]:
        """Every place of some bytes: which text, and where they begin and end."""
        last = self.starts[-1] + self.sizes[-1] if self.starts else 0
        at = self.together.find(word, 0, last)
        while at >= 0:
            number = bisect(self.starts, at) - 1
            # Between them stand texts that are read anyway, and what git writes before each.
            if number >= 0 and at < self.starts[number] + self.sizes[number]:
                yield number, at, at + len(word)
            at = self.together.find(word, at + 1, last)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {path: number for number, path in enumerate(self.paths)}


def set_aside(before: Mapping[str, File], after: Mapping[str, File]) -> Aside:
    """Among the files of both sides, by path: those that are the same and plain."""
    same = [file for path, file in after.items() if (known := before.get(path)) is file or known == file]
    plain = {file.path: (file, name) for file in same if (name := _name_in(file)) is not None}
    contents = [file.data or b"" for file, _ in plain.values()]
    sizes = [len(each) for each in contents]
    starts = list(accumulate((size + 1 for size in sizes[:-1]), initial=1))
    everything = Aside(list(plain), {}, b"\n" + b"\n".join(contents), starts, sizes)
    return named_once(everything, [name for _, name in plain.values()])


def named_once(everything: Aside, names: Sequence[str | None]) -> Aside:
    """Those that have a name of their own: an id that is used twice is something to be said."""
    count = Counter(names)
    kept = [number for number, name in enumerate(names) if name is not None and count[name] == 1]
    paths = [everything.paths[number] for number in kept]
    return Aside(
        paths,
        {name: path for path, number in zip(paths, kept, strict=True) if (name := names[number]) is not None},
        everything.together,
        [everything.starts[number] for number in kept],
        [everything.sizes[number] for number in kept],
    )


@lru_cache(maxsize=1000)
def _holds_mitigations(folder: str) -> bool:
    """Thousands of files share a folder."""
    return kind_by_folder(f"{folder}/any.yml") == "mitigation"


def _name_in(file: File) -> str | None:
    """The id of the one mitigation in a file; None where it is not certain that it is one, or a word may hide."""
    if file.data is None or file.mode is not Mode.FILE or not _holds_mitigations(file.path.rpartition("/")[0]):
        return None
    return name_in(file.data)


def name_in(data: bytes) -> str | None:
    """The same of a file of mitigations."""
    if data[:1] not in BEGINS:
        return None
    found = [_NAME.fullmatch(each[1]) for each in id_lines(b"\n" + data) or ()]
    return found[0][1].decode() if len(found) == 1 and found[0] else None


def plain_ids(text: bytes | mmap, end: int) -> Sequence[bytes]:
    """The names that stand in the lines of ids in texts, each after a line end; an empty one for anything unusual."""
    return (b"",) if any(text.find(each, 0, end) >= 0 for each in _HIDING) else _PLAIN.findall(text, 0, end)


def id_lines(text: bytes | mmap, end: int = sys.maxsize) -> Sequence[re.Match[bytes]] | None:
    """The lines of ids in texts, each after a line end; the id is their first group.

    None if anything could hide a word or be more than one plain mitigation.
    """
    if any(text.find(each, 0, end) >= 0 for each in _HIDING):
        return None
    found = list(_TELLING.finditer(text, 0, end))
    return found if all(each.start(1) >= 0 for each in found) else None
