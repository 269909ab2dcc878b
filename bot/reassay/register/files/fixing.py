"""Mechanical fixes of the files of a register, each proved by reading the register again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from tempfile import NamedTemporaryFile

from reassay.common.errors import UsageError
from reassay.register.configuration import Configuration
from reassay.register.files.text import BOM, lines_of
from reassay.register.files.tree import File, Mode, Tree
from reassay.register.finding import Finding
from reassay.register.mechanical_fixes import Edit, Fix, fixes_of
from reassay.register.register import KINDS, Register

MOST_ROUNDS = 200
"""Times that the register is read at most; what is left is fixed by the next run."""
ReadRegister = Callable[[Tree], Register]
"""Reads a register with all findings."""


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file with its bytes before and after."""

    path: str
    before: bytes
    after: bytes

    def diff(self) -> str:
        """The change as a unified diff with one line of context."""
        before, after = (_lines_kept(data) for data in (self.before, self.after))
        return "".join(_ended(line) for line in unified_diff(before, after, self.path, self.path, n=1))


@dataclass(frozen=True, slots=True)
class FixedRegister:
    """What fixing comes to."""

    files: tuple[FixedFile, ...]
    register: Register
    """The register after the fixes."""
    left_alone: tuple[Finding, ...]
    """Findings that have a fix, but are of the policy, which changes only by a person's hand."""


@dataclass(frozen=True)
class _Overlay:
    """A Tree with some files replaced."""

    below: Tree
    replaced: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> File | None:
        return self._replaced(self.below.read(path))

    def list(self, folder: str) -> Iterable[File]:
        return (own for file in self.below.list(folder) if (own := self._replaced(file)) is not None)

    def _replaced(self, file: File | None) -> File | None:
        if file is None or file.path not in self.replaced:
            return file
        return File(file.path, self.replaced[file.path], file.mode)


def fixed_register(tree: Tree, read: ReadRegister, is_guarded: Callable[[str], bool]) -> FixedRegister:
    """Every fix that stays: its finding is gone, no other came, and no other fix of it would do. Writes nothing.

    Guarded paths are left alone, as are the keys of the configuration in any other file.
    """
    replaced: dict[str, bytes] = {}
    register, refused = read(tree), set[tuple[str, int, int, str]]()
    left_alone: dict[tuple[str, int], Finding] = {}
    for _ in range(MOST_ROUNDS):
        overlay = _Overlay(tree, replaced)
        proposal = next(_proposals(register, overlay, refused), None)
        if proposal is None:
            break
        finding, fixes = proposal
        refused.add(_key(finding))
        if is_guarded(finding.at.path) or _is_policy(finding, _text(overlay, finding.at.path)):
            left_alone[finding.at.path, finding.at.line] = finding
            continue
        tries = [_edited(_bytes(overlay, finding.at.path), fix) for fix in fixes]
        results = [(data, read(_Overlay(tree, {**replaced, finding.at.path: data}))) for data in tries]
        kept = [(data, after) for data, after in results if _is_right(finding, register, after)]
        if len(kept) == 1 or (kept and all(_means_the_same(kept[0][1], after) for _, after in kept)):
            replaced[finding.at.path], register = kept[0]
    files = (FixedFile(path, _bytes(tree, path), after) for path, after in sorted(replaced.items()))
    return FixedRegister(tuple(files), register, tuple(left_alone.values()))


def _proposals(
    register: Register, tree: Tree, refused: set[tuple[str, int, int, str]]
) -> Iterator[tuple[Finding, tuple[Fix, ...]]]:
    for finding in register.findings:
        file = tree.read(finding.at.path)
        if file is not None and file.mode is Mode.FILE and _key(finding) not in refused:
            fixes = fixes_of(finding, lines_of(_text(tree, finding.at.path)))
            if fixes:
                yield finding, fixes


def _key(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.path, finding.at.line, finding.at.column, f"{finding.code} {finding.message}"


def _edited(data: bytes, fix: Fix) -> bytes:
    """The bytes with the edits; every other byte stays."""
    lines = _lines_kept(data)
    shift = len(BOM) if lines and lines[0].startswith(BOM) else 0
    for edit in fix:
        own = Edit(edit.line, edit.column + (shift if edit.line == 1 else 0), edit.before, edit.after)
        lines[edit.line - 1] = own.applied(lines[edit.line - 1])
    return "".join(lines).encode("utf-8")


def _is_right(finding: Finding, before: Register, after: Register) -> bool:
    """Whether a finding is gone and no error came.

    An entry that can be read for the first time may get warnings, and a file whose syntax hid everything may get errors, but
    neither at the place that was changed.
    """
    gone = _counted(before.findings) - _counted(after.findings)
    came = _counted(after.findings) - _counted(before.findings)
    fresh = [own for own in after.findings if (own.at.path, own.code, own.message) in came]
    if not gone[finding.at.path, finding.code, finding.message]:
        return False
    if any(own.at == finding.at and own in after.errors for own in fresh):
        return False
    if finding.code != "yaml-syntax":
        return not any(own in after.errors for own in fresh)
    return not any(own.code == "yaml-syntax" and own.at.path == finding.at.path for own in after.findings)


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter((finding.at.path, finding.code, finding.message) for finding in findings)


def _means_the_same(register: Register, other: Register) -> bool:
    values = ([entry.value for kind in KINDS for entry in own.objects(kind).values()] for own in (register, other))
    first, second = values
    return first == second and _counted(register.findings) == _counted(other.findings)


def _is_policy(finding: Finding, text: str) -> bool:
    """Whether the place is below a key of the configuration at the top of a file."""
    tops = [line.partition(":")[0] for line in lines_of(text)[: finding.at.line] if line[:1].isalpha() and ":" in line]
    return bool(tops) and tops[-1] in Configuration.model_fields


def _text(tree: Tree, path: str) -> str:
    return _bytes(tree, path).decode("utf-8", "replace").removeprefix(BOM)


def _bytes(tree: Tree, path: str) -> bytes:
    file = tree.read(path)
    return file.data if file is not None and file.data is not None else b""


def _lines_kept(data: bytes) -> list[str]:
    """The lines with their ends, at the same places as `lines_of`."""
    text, lines, start = data.decode("utf-8", "surrogateescape"), [], 0
    for line in lines_of(text)[:-1]:
        end = start + len(line)
        end += 2 if text.startswith("\r\n", end) else 1
        lines.append(text[start:end])
        start = end
    return [*lines, text[start:]] if text[start:] else lines


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n"


def write_fixed(root: Path, files: Iterable[FixedFile]) -> None:
    """Writes the files, each at once and with its mode. Raises UsageError for one that somebody changed meanwhile."""
    for file in files:
        place = root / file.path
        if place.read_bytes() != file.before:
            raise UsageError("somebody changed this file meanwhile.", where=file.path, remedy="Run the command again.")
        with NamedTemporaryFile(dir=place.parent, prefix=".reassay-", delete=False) as new:
            new.write(file.after)
        written = Path(new.name)
        written.chmod(place.stat().st_mode & 0o7777)
        written.replace(place)
