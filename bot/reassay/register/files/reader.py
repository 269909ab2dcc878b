"""From a tree of files to a register: everything that is fine, and a finding for everything that is not."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from reassay.register.collisions import collect
from reassay.register.files.configuration import Settings, read_configuration, settings_of
from reassay.register.files.contents import Contents, Written, read_contents
from reassay.register.files.helpers import all_parsed
from reassay.register.files.links import follow, target_of
from reassay.register.files.named import ids_in_text, ids_of
from reassay.register.files.nodes import MapNode, plain
from reassay.register.files.quick_reader import Parsed, entries
from reassay.register.files.shelf import Shelf, parsed_once
from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode, Tree, suffix_of
from reassay.register.files.validate import validate
from reassay.register.finding import Finding, Position, tidy
from reassay.register.limits import MAX_FILES, MAX_TOTAL_BYTES, READ_SUFFIXES
from reassay.register.references import check
from reassay.register.register import KINDS, Entry, Register, RegisterObject

NO_REGISTER = "no-register"
"""Code of the one finding of a repository that has no register."""
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """One file, read and validated; its nodes are gone."""

    path: str
    entries: tuple[Entry[RegisterObject], ...]
    findings: tuple[Finding, ...]
    broken: frozenset[tuple[str, str]]
    settings: MapNode | None
    data: bytes | None = None
    """Its bytes, by which it is known again."""


def read_register(tree: Tree, folder: str | None = None, shelf: Shelf | None = None) -> Register:
    """Reads configuration and register. Never raises for what stands in the files: that becomes findings.

    `folder` is where the register has to be, whatever this tree's own configuration says. What is on the `shelf` is not
    parsed again.
    """
    with collector_waits():
        own = read_configuration(tree)
        folder = folder or own.folder
        return assembled(own, folder, read_files(listed(tree, folder), {}, shelf))


def assembled(own: Settings, folder: str, files: Sequence[Read], elsewhere: frozenset[str] = NOTHING) -> Register:
    """A register of what was read. `elsewhere` are the ids of mitigations that were left unread."""
    settings = settings_of(own, ((each.path, each.settings) for each in files if each.settings is not None))
    findings = [*settings.findings, *(finding for each in files for finding in each.findings)]
    if not files:
        findings.append(_no_register(folder))
    broken = {pair for each in files for pair in each.broken}
    collected, collisions = collect(entry for each in files for entry in each.entries)
    checked = check(
        replace(
            collected,
            configuration=settings.configuration,
            configuration_origin=settings.origin,
            configuration_is_broken=settings.is_broken,
            elsewhere=elsewhere,
            broken={
                kind: frozenset(each for name, each in broken if name == kind) | collected.broken.get(kind, frozenset())
                for kind in KINDS
            },
        )
    )
    return replace(checked, findings=tidy((*findings, *collisions, *checked.findings)))


@contextmanager
def collector_waits() -> Iterator[None]:
    """Without the search for cycles: it would look through all that was read again and again, and there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _count_as_old()
            gc.enable()


def _count_as_old() -> None:
    """Otherwise the next allocation begins with a search through the whole register."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def _validated(contents: Contents) -> Read:
    """One file at a time: thousands of files' nodes at once would cost more than reading them."""
    entries: list[Entry[RegisterObject]] = []
    findings, broken = [*contents.findings], {*contents.broken}
    for index, item in enumerate(contents.objects):
        entry, wrong = _entry(item, index)
        findings.extend(wrong)
        if entry is not None:
            entries.append(entry)
        else:
            broken.update((item.kind, each) for each in ids_of(item.node))
    return Read(contents.path, tuple(entries), tuple(findings), frozenset(broken), contents.settings)


def read_files(wanted: Iterable[File | Contents], known: Mapping[str, Read], shelf: Shelf | None = None) -> list[Read]:
    """What each file of the register says, in order of path; what is known already is not parsed again."""
    read: list[Read] = []
    files: list[File] = []
    for each in wanted:
        if isinstance(each, File) and each.path in known and known[each.path].data == each.data:
            read.append(known[each.path])
        elif isinstance(each, File):
            files.append(each)
        else:
            read.append(_validated(each))
    found = all_parsed(files) if shelf is None else parsed_once(files, shelf)
    read.extend(_one(files[number], each) for number, each in found)
    return sorted(read, key=lambda each: each.path)


def _one(file: File, found: Parsed | None) -> Read:
    quick = entries(file, found) if found is not None else None
    if quick is None:
        return replace(_validated(read_contents(file)), data=file.data)
    return Read(file.path, quick, (), frozenset(), None, file.data)


def listed(tree: Tree, folder: str) -> Iterator[File | Contents]:
    """The files that matter, and what is to be said of those that cannot be read."""
    size = 0
    for count, file in enumerate(tree.list(folder), start=1):
        size += len(file.data or b"")
        if count > MAX_FILES or size > MAX_TOTAL_BYTES:
            yield _too_large(folder)
            return
        wanted = _wanted(tree, file, folder)
        if wanted is not None:
            yield wanted


def _wanted(tree: Tree, file: File, folder: str) -> File | Contents | None:
    if file.mode is Mode.SYMLINK:
        return _followed(tree, file, folder)
    suffix = suffix_of(file.path)
    if suffix == ".json":
        ignored = Contents(file.path)
        ignored.warn("not-read", "JSON files are not read", "Write it as YAML, or move it out of the register folder.")
        return ignored
    if suffix not in READ_SUFFIXES or file.path.lower().endswith("/readme.md"):
        return None
    return file


def _followed(tree: Tree, link: File, folder: str) -> File | Contents | None:
    try:
        followed = follow(tree, link)
    except Unreadable as astray:
        lost = Contents(link.path, findings=list(astray.findings))
        lost.lose(None, ids_in_text(link))
        return lost
    # A file of the register is read where it stands, not a second time.
    inside = (target_of(link) or "").startswith(f"{folder}/")
    return None if inside else _wanted(tree, followed, folder)


def _too_large(folder: str) -> Contents:
    stopped = Contents(folder)
    message = (
        f"the register is larger than {MAX_FILES:,} files or {MAX_TOTAL_BYTES // 1024**2} MiB; the rest was not read"
    )
    stopped.note((1, 1), "register-too-large", message, "Keep only register objects in this folder.")
    return stopped


def _entry(item: Written, index: int) -> tuple[Entry[RegisterObject] | None, tuple[Finding, ...]]:
    document = plain(item.node, item.path)
    value, findings = validate(KINDS[item.kind], document)
    if value is None or item.node.flawed:
        return None, findings
    written = document.data if isinstance(document.data, dict) else {}
    return Entry(value, replace(document.origin, index=index), written), findings


def _no_register(folder: str) -> Finding:
    remedy = "Run 'reassay init' to make one, or say in .github/reassay.yml where it is ('register: folder/')."
    return Finding(Position(f"{folder}/"), NO_REGISTER, f"there is no register in the folder '{folder}/'", remedy)
