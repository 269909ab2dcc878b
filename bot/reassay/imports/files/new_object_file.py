"""The file that a new object is written to: an entry of the list that fits, or one of its own; checked before it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.imports.files.import_target import TreeWithFile, write_text
from reassay.imports.files.list_text import ListText, document
from reassay.register.files import WorkingTree, read_register
from reassay.register.files.kinds import COLLECTION_KEYS
from reassay.register.files.scaffold import starter_examples
from reassay.register.finding import Finding, quoted
from reassay.register.lint.placeholders import EXAMPLE
from reassay.register.register import KINDS, Register, in_words

_PEOPLE = frozenset({"owner", "assessor"})


@dataclass(frozen=True, slots=True)
class NewObjectFile:
    """A file with a new object, not yet written."""

    path: str
    """From the root of the repository."""
    text: str
    is_new: bool
    after: Register
    """The register with this file."""
    removed: tuple[str, ...] = ()
    """Ids of examples that it no longer has: nobody had changed them."""

    def write(self, root: Path) -> None:
        """Writes the file. Raises UsageError if it leads out of the repository, or exists although it was new."""
        file = root / self.path
        if not file.resolve().is_relative_to(root.resolve()):
            raise UsageError("the file is reached by a link that leads out of the repository.", where=self.path)
        if self.is_new and file.exists():
            raise UsageError("this file exists.", where=self.path, remedy="Choose another id.")
        write_text(file, self.text)


def placed(root: Path, register: Register, kind: str, fields: Mapping[str, object]) -> NewObjectFile:
    """The file for a new object of a kind. Raises UsageError if its id is taken, or `check` would find an error in it."""
    tree, name = WorkingTree(root), str(fields["id"])
    refusal: UsageError | None = None
    for path, text, removed in _candidates(root, register, kind, fields):
        after = read_register(TreeWithFile(tree, path, text.encode()))
        wrong = next(_new_errors(register, after), None)
        if wrong is None and name in after.objects(kind) and _keeps_others(register, after, kind, name):
            return NewObjectFile(path, text, not (root / path).exists(), after, removed)
        refusal = refusal or _refusal(wrong, kind, name)
    raise refusal or UsageError(
        f"a file of that name exists, so {quoted(name)} was not written.", remedy="Choose another id."
    )


def _candidates(
    root: Path, register: Register, kind: str, fields: Mapping[str, object]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Path, text and removed examples: the lists that hold objects of the kind, the longest first; then a file of its own."""
    key = next(name for name, other in COLLECTION_KEYS.items() if other == kind)
    for path in _paths(register, kind):
        listed = ListText.of(_text(root / path), key)
        if listed is not None:
            examples = [number for number, entry in enumerate(listed.entries) if _is_unchanged(entry)]
            removed = tuple(str(listed.entries[number]["id"]) for number in examples)
            yield path, listed.replaced(fields, examples), removed
    folder = register.configuration.register_folder.rstrip("/")
    own = f"{folder}/{key.replace('_', '-')}/{fields['id']}.yml"
    if not (root / own).exists():
        yield own, document(fields), ()


def _paths(register: Register, kind: str) -> list[str]:
    """YAML files that hold objects of a kind, also examples; those with the most come first."""
    counts: dict[str, int] = {}
    paths = [entry.origin.path for entry in register.objects(kind).values()]
    paths += [finding.at.path for finding in register.errors if finding.code == EXAMPLE]
    for path in paths:
        if path.endswith((".yml", ".yaml")):
            counts[path] = counts.get(path, 0) + 1
    return sorted(counts, key=lambda path: (-counts[path], path))


def _is_unchanged(entry: Mapping[str, object]) -> bool:
    """Whether an entry is an example as `reassay init` wrote it, but for the people in it."""
    stated = {key: value for key, value in entry.items() if key not in _PEOPLE}
    return any(stated == {key: own[key] for key in own if key not in _PEOPLE} for own in starter_examples())


def _text(file: Path) -> str:
    try:
        # Line ends stay as they are.
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _new_errors(before: Register, after: Register) -> Iterator[Finding]:
    """Errors that were not there before; lines may have moved."""
    earlier = [(finding.at.path, finding.code, finding.message) for finding in before.errors]
    for finding in after.errors:
        marks = (finding.at.path, finding.code, finding.message)
        if marks in earlier:
            earlier.remove(marks)
        else:
            yield finding


def _keeps_others(before: Register, after: Register, kind: str, name: str) -> bool:
    """Whether every other object is as it was."""
    return all(
        entry.written == after.objects(other)[key].written
        if key in after.objects(other)
        else (other, key) == (kind, name)
        for other in KINDS
        for key, entry in before.objects(other).items()
    )


def _refusal(wrong: Finding | None, kind: str, name: str) -> UsageError:
    if wrong is None:
        return UsageError(f"the {in_words(kind)} {quoted(name)} cannot be added to this register.")
    return UsageError(f"nothing was written: {wrong.message}.", where=quoted(name), remedy=wrong.remedy)
