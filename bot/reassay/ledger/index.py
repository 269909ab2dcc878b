"""The index of a ledger: the latest entry of every kind by subject, in parts, so that an append rewrites only a few files.

A part holds subjects until there are too many; then it holds the digests of sixteen smaller ones, by the next digit of the
subjects' SHA-256. Subjects are never taken out, so the same entries give the same parts in whatever steps they came.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reassay.common.canonical import canonical, digest
from reassay.ledger.entry import Entry

Subjects = Mapping[str, Mapping[str, int]]
"""Subject -> kind -> latest seq."""
MOST = 16
"""Most subjects in one part."""
_ASCII = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class IndexPart:
    """A part of the index: either subjects, or smaller parts by hexadecimal digit."""

    subjects: Subjects = field(default_factory=dict)
    parts: Mapping[str, "IndexPart"] = field(default_factory=dict)
    stored: str | None = None
    """Digest of the part on the branch; None if it changed since."""

    def add(self, news: Subjects, depth: int) -> "IndexPart":
        """The part with further entries; `depth` is its number of digits. Changed parts lose `stored`."""
        if not self.parts:
            every = {**self.subjects, **{name: {**self.subjects.get(name, {}), **news[name]} for name in news}}
            if len(every) <= MOST:
                return IndexPart(subjects=every)
            news = every
        grouped: dict[str, dict[str, Mapping[str, int]]] = defaultdict(dict)
        for name, kinds in news.items():
            grouped[_digits(name)[depth]][name] = kinds
        smaller = {digit: self.parts.get(digit, IndexPart()).add(some, depth + 1) for digit, some in grouped.items()}
        return IndexPart(parts={**self.parts, **smaller})

    def write(self, place: str) -> tuple["IndexPart", dict[str, bytes]]:
        """The part as stored afterwards, and the files to write, by place."""
        if self.stored is not None:
            return self, {}
        files: dict[str, bytes] = {}
        parts: dict[str, IndexPart] = {}
        for digit, part in self.parts.items():
            parts[digit], below = part.write(place + digit)
            files |= below
        held = {digit: part.stored for digit, part in parts.items()}
        data = _bytes({"parts": held} if held else {"subjects": self.subjects})
        files[place] = data
        return IndexPart(self.subjects, parts, digest(data)), files

    def all(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """All subjects of the part and of its smaller parts."""
        yield from self.subjects.items()
        for part in self.parts.values():
            yield from part.all()


@dataclass(frozen=True, slots=True)
class Index:
    """The whole index. The place of a part is the digits that lead to it."""

    root: IndexPart = field(default_factory=IndexPart)

    @staticmethod
    def of(entries: Iterable[Entry]) -> "Index":
        """The index of all entries, before it is written."""
        return Index().add(entries)

    def add(self, entries: Iterable[Entry]) -> "Index":
        """The index with further entries."""
        news: dict[str, dict[str, int]] = defaultdict(dict)
        for entry in entries:
            news[entry.about][entry.body.kind] = entry.seq
        return replace(self, root=self.root.add(news, 0)) if news else self

    def write(self) -> tuple["Index", Mapping[str, bytes]]:
        """The index as stored afterwards, and the files to write; the part at "" is `index.json`."""
        root, files = self.root.write("")
        return Index(root), files

    @property
    def flat(self) -> bytes:
        """The content of `index.json` in ledgers of the first version, without parts."""
        return _bytes(dict(self.root.all()))


def _digits(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()


def _bytes(value: object) -> bytes:
    """Canonical JSON (RFC 8785). For text and whole numbers in ASCII the standard library gives the same bytes, but faster."""
    text = _ASCII.encode(value)
    return text.encode() if text.isascii() else canonical(value)
