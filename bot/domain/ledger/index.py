"""The latest entry of every kind, by subject, in shards: an append rewrites those it touches, however long the ledger is."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.canonical import canonical, digest
from bot.domain.ledger.entry import Entry

Shard = Mapping[str, Mapping[str, int]]
"""Subject -> kind -> latest seq."""


def shard_of(subject: str) -> str:
    """Which of 256 shards a subject stands in."""
    return hashlib.sha256(subject.encode()).hexdigest()[:2]


@dataclass(frozen=True, slots=True)
class Index:
    """All shards, and which of them the branch holds as they are."""

    shards: Mapping[str, Shard] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)
    """Digest by shard. Empty for a ledger whose index is still one file: the next append writes every shard."""

    @staticmethod
    def of(entries: Iterable[Entry]) -> "Index":
        """The index of a whole ledger, as it has to stand on the branch."""
        return Index().add(entries).written()

    def add(self, entries: Iterable[Entry]) -> "Index":
        """With further entries; what they touch is no longer as stored."""
        news: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for entry in entries:
            subject = entry.about
            news[shard_of(subject)][subject][entry.body.kind] = entry.seq
        shards = dict(self.shards)
        for name, subjects in news.items():
            known = shards.get(name, {})
            shards[name] = {**known, **{each: {**known.get(each, {}), **kinds} for each, kinds in subjects.items()}}
        return Index(shards, {name: stored for name, stored in self.stored.items() if name not in news})

    @property
    def unwritten(self) -> Mapping[str, bytes]:
        """The shards that the branch does not hold as they are."""
        return {name: canonical(shard) for name, shard in self.shards.items() if name not in self.stored}

    def written(self) -> "Index":
        """The same index, all of it on the branch."""
        new = {name: digest(data) for name, data in self.unwritten.items()}
        return Index(self.shards, {**self.stored, **new}) if new else self

    @property
    def data(self) -> bytes:
        """What `index.json` holds, once every shard is written."""
        return canonical({"shards": dict(self.stored)})

    @property
    def flat(self) -> bytes:
        """What `index.json` held before there were shards."""
        return canonical({subject: kinds for shard in self.shards.values() for subject, kinds in shard.items()})
