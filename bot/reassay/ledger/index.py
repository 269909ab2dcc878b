"""The latest entry of every kind, by subject, in parts: an append rewrites the few it touches, however long the ledger is.

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
"""Subjects in one part."""
_ASCII = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Part:
    """Some subjects, or smaller parts by hexadecimal digit; never both."""

    subjects: Subjects = field(default_factory=dict)
    parts: Mapping[str, "Part"] = field(default_factory=dict)
    stored: str | None = None
    """Digest of it on the branch; None if the branch does not hold it as it is."""

    def add(self, news: Subjects, depth: int) -> "Part":
        """With further entries; `depth` digits led here. What they touch is no longer as stored."""
        if not self.parts:
            every = {**self.subjects, **{name: {**self.subjects.get(name, {}), **news[name]} for name in news}}
            if len(every) <= MOST:
                return Part(subjects=every)
            news = every
        grouped: dict[str, dict[str, Mapping[str, int]]] = defaultdict(dict)
        for name, kinds in news.items():
            grouped[_digits(name)[depth]][name] = kinds
        smaller = {digit: self.parts.get(digit, Part()).add(some, depth + 1) for digit, some in grouped.items()}
        return Part(parts={**self.parts, **smaller})

    def write(self, place: str) -> tuple["Part", dict[str, bytes]]:
        """As it stands on the branch afterwards, and what has to be written for that, by place."""
        if self.stored is not None:
            return self, {}
        files: dict[str, bytes] = {}
        parts: dict[str, Part] = {}
        for digit, part in self.parts.items():
            parts[digit], below = part.write(place + digit)
            files |= below
        held = {digit: part.stored for digit, part in parts.items()}
        data = _bytes({"parts": held} if held else {"subjects": self.subjects})
        files[place] = data
        return Part(self.subjects, parts, digest(data)), files

    def all(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Every subject below."""
        yield from self.subjects.items()
        for part in self.parts.values():
            yield from part.all()


@dataclass(frozen=True, slots=True)
class Index:
    """All parts, and which of them the branch holds as they are. The place of a part is the digits that lead to it."""

    root: Part = field(default_factory=Part)

    @staticmethod
    def of(entries: Iterable[Entry]) -> "Index":
        """The index of a whole ledger, nothing of it written."""
        return Index().add(entries)

    def add(self, entries: Iterable[Entry]) -> "Index":
        """With further entries; what they touch is no longer as stored."""
        news: dict[str, dict[str, int]] = defaultdict(dict)
        for entry in entries:
            news[entry.about][entry.body.kind] = entry.seq
        return replace(self, root=self.root.add(news, 0)) if news else self

    def write(self) -> tuple["Index", Mapping[str, bytes]]:
        """All of it on the branch, and what has to be written for that: the part at "" is `index.json`."""
        root, files = self.root.write("")
        return Index(root), files

    @property
    def flat(self) -> bytes:
        """What `index.json` held before there were parts."""
        return _bytes(dict(self.root.all()))


def _digits(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()


def _bytes(value: object) -> bytes:
    """Canonical. Of text and whole numbers in ASCII, the standard library's form is that of RFC 8785, and many times as quick."""
    text = _ASCII.encode(value)
    return text.encode() if text.isascii() else canonical(value)
