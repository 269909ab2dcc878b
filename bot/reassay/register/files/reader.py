"""From a tree of files to a register: everything that is fine, and a finding for everything that is not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reassay.register.collisions import collect
from reassay.register.files.configuration import Settings, read_configuration, settings_of
from reassay.register.files.contents import Contents, Written, read_contents
from reassay.register.files.links import follow, target_of
from reassay.register.files.named import ids_in_text, ids_of
from reassay.register.files.nodes import plain
from reassay.register.files.parsed import ParsedFile, ParsedFiles
from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode, Tree, suffix_of
from reassay.register.files.validate import validate
from reassay.register.finding import Finding, Position, tidy
from reassay.register.limits import MAX_FILES, MAX_TOTAL_BYTES, READ_SUFFIXES
from reassay.register.references import check
from reassay.register.register import KINDS, Entry, Register, RegisterObject

NO_REGISTER = "no-register"
"""Code of the one finding of a repository that has no register."""


def read_register(tree: Tree, folder: str | None = None, parsed: ParsedFiles | None = None) -> Register:
    """Reads configuration and register. Never raises for what stands in the files: that becomes findings.

    `folder` is where the register has to be, whatever this tree's own configuration says. What `parsed` keeps is not
    parsed again.
    """
    settings = read_configuration(tree)
    folder = folder or settings.folder
    return read_files(tree, settings, folder, tree.list(folder), FileParser(parsed or ParsedFiles()))


@dataclass(frozen=True, slots=True)
class FileParser:
    """Parses each file of one run once, however often it is read, and what is kept not at all."""

    kept: ParsedFiles
    run: dict[tuple[str, str], ParsedFile] = field(default_factory=dict)
    """By path and blob, so that two large registers do not drop each other's files."""

    def parse(self, file: File) -> ParsedFile:
        """What the file says."""
        key = (file.path, file.oid)
        parsed = self.run.get(key) or self.kept.get(file)
        if parsed is None:
            parsed = _validated(read_contents(file))
            self.kept.put(file, parsed)
        if file.oid:
            self.run[key] = parsed
        return parsed


def read_files(tree: Tree, settings: Settings, folder: str, files: Iterable[File], parser: FileParser) -> Register:
    """The register that these files of a tree make; `settings` are those of its configuration file."""
    listed = _listed(tree, folder, files)
    read = [_validated(each) if isinstance(each, Contents) else parser.parse(each) for each in listed]
    read.sort(key=lambda each: each.path)
    return _assembled(settings, folder, read)


def _assembled(own: Settings, folder: str, files: Sequence[ParsedFile]) -> Register:
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
            broken={
                kind: frozenset(each for name, each in broken if name == kind) | collected.broken.get(kind, frozenset())
                for kind in KINDS
            },
        )
    )
    return replace(checked, findings=tidy((*findings, *collisions, *checked.findings)))


def _validated(contents: Contents) -> ParsedFile:
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
    return ParsedFile(contents.path, tuple(entries), tuple(findings), frozenset(broken), contents.settings)


def _listed(tree: Tree, folder: str, files: Iterable[File]) -> Iterator[File | Contents]:
    """The files that matter, and what is to be said of those that cannot be read."""
    size = 0
    for count, file in enumerate(files, start=1):
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
