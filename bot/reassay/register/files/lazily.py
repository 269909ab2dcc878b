"""What is rarely asked of an object that was read the quick way: where everything stands, and what it said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reassay.register.files.contents import read_contents
from reassay.register.files.nodes import Place, plain
from reassay.register.files.quick_documents import Document, quick_documents
from reassay.register.files.tree import File
from reassay.register.finding import Location, Origin


@dataclass(frozen=True)
class Source:
    """A file that was read the quick way, shared by its objects. Of ten thousand, few are ever asked for a place."""

    file: File

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """Of each object, from the composer, which alone knows places."""
        return tuple(plain(each.node, each.path).origin for each in read_contents(self.file).objects)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Each object as written. They are kept as text only: data takes ten times the memory."""
        return tuple(document for _, document in quick_documents(self.file) or ())


@dataclass(frozen=True, slots=True, eq=False)
class LazyMarks(Mapping[Location, Place]):
    """The places of one object's values, or of its keys."""

    source: Source
    index: int
    of_keys: bool

    def __getitem__(self, location: Location) -> Place:
        return self._marks[location]

    def __iter__(self) -> Iterator[Location]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    @property
    def _marks(self) -> Mapping[Location, Place]:
        origin = self.source.origins[self.index]
        return origin.key_marks if self.of_keys else origin.marks


@dataclass(frozen=True, slots=True, eq=False)
class LazyDocument(Mapping[str, object]):
    """One object as written."""

    source: Source
    index: int

    def __getitem__(self, key: str) -> object:
        return self.source.documents[self.index][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.source.documents[self.index])

    def __len__(self) -> int:
        return len(self.source.documents[self.index])


def lazy_origin(source: Source, index: int) -> Origin:
    """The origin of an object, without composing its file before somebody asks."""
    return Origin(source.file.path, LazyMarks(source, index, False), LazyMarks(source, index, True), index)  # noqa: FBT003 -- made ten thousand times, and by position that is twice as quick
