"""A checkout of a public catalogue, or one file of it, read with bounds for a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.imports.documents import DocumentEntry, entries_at, in_natural_order
from reassay.imports.files.document_files import MARKDOWN, DocumentReader
from reassay.imports.spreadsheet import UnreadableDocument
from reassay.register.files.text import Unreadable
from reassay.register.finding import inert


@dataclass(slots=True)
class CatalogueCheckout:
    """The files of a checkout. Files that cannot be read, and notes, are kept for the report."""

    root: Path
    only: str | None = None
    """The one file that was named, below `root`."""
    notes: list[str] = field(default_factory=list)
    unreadable: list[UnreadableDocument] = field(default_factory=list)
    _reader: DocumentReader = field(default_factory=lambda: DocumentReader({}))
    _documents: dict[str, Mapping[str, object]] = field(default_factory=dict)

    @staticmethod
    def of(path: Path) -> "CatalogueCheckout":
        """The checkout in a folder, or one file. Raises UsageError if there is neither."""
        if path.is_dir():
            return CatalogueCheckout(path, _reader=DocumentReader({}, folder=path))
        if path.is_file():
            return CatalogueCheckout(path.parent, path.name, _reader=DocumentReader({}, folder=path.parent))
        remedy = "Give the folder of a checkout of the catalogue's repository."
        raise UsageError("there is no such file or folder.", where=inert(str(path)), remedy=remedy)

    @property
    def digest(self) -> str:
        """Digest of the paths and contents of all files that were read."""
        return self._reader.digest

    @property
    def name(self) -> str:
        """The name of the folder or file."""
        return inert(self.only or self.root.resolve().name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Paths of files that match a pattern, in order; links and files outside are left out."""
        root = self.root.resolve()
        if self.only is not None:
            paths = [self.root / self.only] if (self.root / self.only).match(pattern) else []
        else:
            paths = list(self.root.glob(pattern))
        inside = (path for path in paths if path.is_file() and path.resolve().is_relative_to(root))
        return tuple(sorted((path.relative_to(self.root).as_posix() for path in inside), key=in_natural_order))

    def entries(self, path: str, list_at: str | None = None) -> tuple[DocumentEntry, ...]:
        """The entries of a document, or of the list at a dotted path in it; none if it cannot be read."""
        try:
            file = self.root / path
            document = self._reader.parse(file)
        except (Unreadable, UsageError) as error:
            self._leave(path, error)
            return ()
        if file.suffix.lower() in MARKDOWN:
            data = document.data if isinstance(document.data, dict) else {}
            return (DocumentEntry(path, data, file.stem, document.heading, document.body),)
        steps = tuple(list_at.split(".")) if list_at else ()
        lines = document.origin.marks
        return tuple(
            DocumentEntry(f"{path}:{lines[location][0]}" if location in lines else path, data, key)
            for location, key, data in entries_at(document.data, steps)
        )

    def document(self, path: str) -> Mapping[str, object]:
        """A document as plain data; empty if it does not exist, is not a mapping, or cannot be read, which is noted."""
        if path not in self._documents:
            self._documents[path] = self._parsed(path)
        return self._documents[path]

    def _parsed(self, path: str) -> Mapping[str, object]:
        if not self.matching(path):
            return {}
        try:
            data = self._reader.parse(self.root / path).data
        except (Unreadable, UsageError) as error:
            self._leave(path, error)
            return {}
        return data if isinstance(data, dict) else {}

    def text(self, path: str) -> str:
        """A text; "" if it does not exist, or cannot be read, which is noted."""
        if not self.matching(path):
            return ""
        try:
            return self._reader.text(self.root / path).replace("\r\n", "\n")
        except (Unreadable, UsageError) as error:
            self._leave(path, error)
            return ""

    def note(self, sentence: str) -> None:
        """Adds a sentence to the report."""
        self.notes.append(sentence)

    def _leave(self, path: str, error: Unreadable | UsageError) -> None:
        if isinstance(error, Unreadable):
            finding = error.findings[0]
            document = UnreadableDocument(f"{inert(path)}:{finding.at.line}", finding.message, finding.remedy)
        else:
            document = UnreadableDocument(inert(path), error.message.rstrip("."), error.remedy)
        if document not in self.unreadable:
            self.unreadable.append(document)
