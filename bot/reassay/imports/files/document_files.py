"""Reading of documents: YAML, JSON, and Markdown with front matter, as a file or a folder of files, with bounds."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from reassay.common.errors import UsageError
from reassay.imports.documents import (
    DocumentEntry,
    DocumentList,
    entries_at,
    in_natural_order,
    list_in,
    sheet_of,
    without_keys_at,
)
from reassay.imports.files.spreadsheet_files import MAX_ROWS, ReadOptions
from reassay.imports.files.text_decoding import read_bytes
from reassay.imports.headers import Guide
from reassay.imports.markdown_text import split_title
from reassay.imports.spreadsheet import Spreadsheet, UnreadableDocument
from reassay.register.files.front_matter import split
from reassay.register.files.nodes import plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import Finding, Origin, Position, inert

MARKDOWN: Final = frozenset({".md", ".markdown"})
YAML: Final = frozenset({".yml", ".yaml"})
JSON: Final = frozenset({".json"})
MAX_FILES: Final = 5_000
MAX_BYTES: Final = 64 * 1024 * 1024
"""Most bytes of all files of a folder."""
_ABOUT: Final = frozenset({"readme", "index", "_index", "changelog", "contributing", "license", "licence", "security"})
"""Names of files that are about a folder, not a control, unless they have front matter."""
_ENCODING: Final = "Save it as UTF-8."


class ParsedDocument(NamedTuple):
    """A document as plain data with its places, and the text of a Markdown file."""

    data: object
    origin: Origin
    heading: str = ""
    body: str = ""


def is_document(path: Path) -> bool:
    """Whether a path is a folder, or a file whose name ends as documents do."""
    return path.is_dir() or path.suffix.lower() in MARKDOWN | YAML | JSON


def read_documents(path: Path, how: ReadOptions) -> Spreadsheet:
    """The entries of a file or folder as rows. Raises UsageError."""
    folder = path if path.is_dir() else None
    reader = DocumentReader(how.guide, how.list_at, folder, has_numbers_as_written=True)
    documents = reader.of_folder(path) if folder else reader.of_file(path)
    return sheet_of(documents, how.guide, how.maps)


@dataclass(slots=True)
class DocumentReader:
    """A reader of documents that keeps their digest and what could not be read."""

    guide: Guide
    list_at: str | None = None
    """A dotted path to the list of entries; None to look for it."""
    folder: Path | None = None
    """The folder that places are relative to."""
    has_numbers_as_written: bool = False
    """Whether numbers are texts, so that the ids 1.1 and 1.10 are two."""
    unreadable: list[UnreadableDocument] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _digests: list[str] = field(default_factory=list)
    _bytes: int = 0

    def of_file(self, path: Path) -> DocumentList:
        """The entries of one file. Raises UsageError if it cannot be read."""
        entries = tuple(self._entries(path, alone=True))
        if self.unreadable and not entries:
            document = self.unreadable[0]
            raise UsageError(f"{document.why}.", where=document.place, remedy=document.remedy)
        if not entries:
            raise UsageError("it has no entries.", where=inert(path.name), remedy="Name their list: --list KEY.")
        return self._list(path, entries)

    def of_folder(self, path: Path) -> DocumentList:
        """The entries of all documents below a folder, in order of their paths. Raises UsageError for too many."""
        files = sorted(self._files(path), key=lambda file: in_natural_order(file.relative_to(path).as_posix()))
        entries = tuple(entry for file in files for entry in self._entries(file, alone=False))
        if not entries and not self.unreadable:
            remedy = "Give a folder with .md, .yml, .yaml or .json files."
            raise UsageError("there are no documents in this folder.", where=inert(str(path)), remedy=remedy)
        return self._list(path, entries)

    def _list(self, path: Path, entries: Sequence[DocumentEntry]) -> DocumentList:
        name = inert(path.resolve().name)
        if len(entries) > MAX_ROWS:
            remedy = "Import a part of them."
            raise UsageError(f"there are more than {MAX_ROWS:,} entries.", where=name, remedy=remedy)
        return DocumentList(name, self.digest, tuple(entries), tuple(self.unreadable), tuple(self.notes))

    @property
    def digest(self) -> str:
        """Digest of the paths and contents of all files that were read: `sha256:` and 64 hexadecimal digits."""
        return f"sha256:{hashlib.sha256(chr(10).join(self._digests).encode()).hexdigest()}"

    def _files(self, folder: Path) -> Iterator[Path]:
        others: Counter[str] = Counter()
        count = 0
        for parent, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                file = Path(parent) / name
                if name.startswith("."):
                    continue
                if file.is_symlink() and is_document(file):
                    self._leave(self.place(file), "it is a link", "Put the file itself there, or name it alone.")
                    continue
                if file.suffix.lower() not in MARKDOWN | YAML | JSON:
                    others[file.suffix.lower() or "without ending"] += 1
                    continue
                count += 1
                if count > MAX_FILES:
                    remedy = "Name the folder with the controls."
                    raise UsageError(
                        f"there are more than {MAX_FILES:,} files.", where=inert(str(folder)), remedy=remedy
                    )
                yield file
        if others:
            kinds = ", ".join(f"{inert(suffix)} ({number})" for suffix, number in sorted(others.items()))
            self.notes.append(f"Files of other kinds were not read: {kinds}.")

    def place(self, file: Path) -> str:
        """A file as shown: below the folder that was named, or its name."""
        if self.folder is None:
            return inert(file.name)
        return inert(f"{self.folder.resolve().name}/{file.relative_to(self.folder).as_posix()}")

    def _entries(self, file: Path, *, alone: bool) -> Iterator[DocumentEntry]:
        try:
            document = self.parse(file)
            if not alone and not document.data and file.stem.casefold() in _ABOUT:
                self._leave(self.place(file), "it is about the folder and has no front matter", "Nothing to do.")
                return
            yield from self._of_document(file, document)
        except Unreadable as error:
            finding = error.findings[0]
            self._leave(f"{finding.at.path}:{finding.at.line}", finding.message, finding.remedy)
        except (UsageError, ValueError) as error:
            remedy = error.remedy if isinstance(error, UsageError) else "Name the list of controls: --list KEY."
            self._leave(self.place(file), str(error.args[0]).rstrip("."), remedy)

    def _leave(self, place: str, why: str, remedy: str) -> None:
        self.unreadable.append(UnreadableDocument(place, why, remedy))

    def _of_document(self, file: Path, document: ParsedDocument) -> Iterator[DocumentEntry]:
        place = self.place(file)
        is_markdown = file.suffix.lower() in MARKDOWN
        path = () if is_markdown else list_in(document.data, self.guide, self.list_at)
        found_any = False
        for location, key, data in entries_at(document.data, path):
            found_any = True
            if not location:
                yield DocumentEntry(place, data, file.stem, document.heading, document.body)
                return
            line = document.origin.marks.get(location)
            yield DocumentEntry(f"{place}:{line[0]}" if line else f"{place}, entry {location[-1]}", data, key)
        if not found_any:
            missing = (
                f"there is no list at {self.list_at!r}"
                if self.list_at
                else "it is neither an object nor a list of objects"
            )
            raise ValueError(missing)
        for location in without_keys_at(document.data, path):
            line = document.origin.marks.get(location)
            shown = f"{place}:{line[0]}" if line else f"{place}, entry {location[-1]}"
            self._leave(shown, "this entry has no keys", "Write it as 'key: value', or delete it.")
        self._note_others(place, document.data, path)

    def _note_others(self, place: str, data: object, path: Sequence[str]) -> None:
        if isinstance(data, dict) and path:
            others = ", ".join(inert(str(key)) for key in data if key != path[0])
            if others:
                self.notes.append(f"{place}: only {'.'.join(path)!r} was read, not {others}.")

    def parse(self, file: Path) -> ParsedDocument:
        """A document as plain data. Raises Unreadable with the place, UsageError for a file that cannot be opened."""
        text = self.text(file)
        place = self.place(file)
        suffix = file.suffix.lower()
        if suffix in JSON:
            return ParsedDocument(_json(place, text, has_numbers_as_written=self.has_numbers_as_written), Origin(place))
        if suffix in MARKDOWN:
            return self._markdown(place, text)
        return self._yaml(place, text)

    def text(self, file: Path) -> str:
        """The text of a file, which counts towards the digest. Raises UsageError or Unreadable."""
        data = read_bytes(file)
        self._bytes += len(data)
        if self._bytes > MAX_BYTES:
            remedy = "Name the folder with the controls."
            raise UsageError(f"there are more than {MAX_BYTES // 1024**2} MiB.", where=self.place(file), remedy=remedy)
        self._digests.append(f"{self.place(file)} {hashlib.sha256(data).hexdigest()}")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = 1 + data.count(b"\n", 0, error.start)
            at = Position(self.place(file), line)
            raise Unreadable(Finding(at, "not-utf-8", "this file is not UTF-8", _ENCODING)) from None

    def _yaml(self, place: str, text: str, first_line: int = 1) -> ParsedDocument:
        node, findings = read_yaml(place, text, first_line)
        if findings:
            raise Unreadable(*findings)
        if node is None:
            return ParsedDocument({}, Origin(place))
        document = plain(node, place, has_numbers_as_written=self.has_numbers_as_written)
        return ParsedDocument(document.data, document.origin)

    def _markdown(self, place: str, text: str) -> ParsedDocument:
        front = split(place, text)
        heading, body = split_title(text.replace("\r\n", "\n") if front is None else front.body)
        if front is None:
            return ParsedDocument({}, Origin(place), heading, body)
        document = self._yaml(place, front.yaml, 2)
        if not isinstance(document.data, dict):
            at = Position(place, 2)
            raise Unreadable(
                Finding(at, "not-a-mapping", "the front matter is not a list of keys", "Write 'key: value'.")
            )
        return ParsedDocument(document.data, document.origin, heading, body)


def _json(place: str, text: str, *, has_numbers_as_written: bool) -> object:
    def of_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = Counter(key for key, _ in pairs)
        twice = next((key for key, number in keys.items() if number > 1), None)
        if twice is not None:
            raise ValueError(f"the key {twice!r} is given twice in one object")
        return dict(pairs)

    def refused(constant: str) -> object:
        raise ValueError(f"{constant} is not a number")

    try:
        document: object = json.loads(
            text,
            object_pairs_hook=of_pairs,
            parse_constant=refused,
            parse_float=str if has_numbers_as_written else None,
        )
    except json.JSONDecodeError as error:
        at = Position(place, error.lineno, error.colno)
        message = f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise Unreadable(Finding(at, "json-syntax", message, "Correct it there.")) from None
    except (ValueError, RecursionError) as error:
        why = "it goes too deep" if isinstance(error, RecursionError) else inert(str(error))
        raise Unreadable(Finding(Position(place), "json-content", why, "Correct it there.")) from None
    return document
