"""Reading of a register from a tree of files: all valid objects, and findings about the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reassay.register.configuration import Configuration
from reassay.register.configuration_in_force import with_prior
from reassay.register.files.configuration import ConfigurationFile, read_configuration, settings_of
from reassay.register.files.contents import Contents, ObjectNode, read_contents
from reassay.register.files.links import follow, target_of
from reassay.register.files.nodes import plain
from reassay.register.files.parsed_files import ParsedFile, ParsedFiles
from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode, Tree, suffix_of
from reassay.register.files.used_entries import entries_with_errors
from reassay.register.files.validation import validate
from reassay.register.finding import Finding, FindingSeverity, Position, tidy
from reassay.register.limits import MAX_FILES, MAX_TOTAL_BYTES, READ_SUFFIXES
from reassay.register.lint.collisions import collect
from reassay.register.lint.references import check_references
from reassay.register.lint.signal_sources import missing_file_findings
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject
from reassay.register.unreadable_entry import UnreadableEntry

NO_REGISTER = "no-register"
"""Code of the finding of a repository without a register."""
REGISTER_ELSEWHERE = "register-elsewhere"
"""Code of the finding of a register's folder that is a link, a submodule or a file."""


def read_register(
    tree: Tree, folder: str | None = None, parsed: ParsedFiles | None = None, prior: PriorConfiguration | None = None
) -> Register:
    """The configuration and register of a tree. Errors in its files become findings.

    `folder` overrides the folder of the configuration. Files in the cache `parsed` are not parsed again. `prior` is in force
    if the configuration cannot be read or is gone.
    """
    settings = read_configuration(tree, prior)
    folder = folder or settings.folder
    return read_files(tree, settings, folder, tree.list(folder), FileParser(parsed or ParsedFiles(), prior))


@dataclass(frozen=True, slots=True)
class FileParser:
    """A parser that parses each file once in a run, and cached files not at all."""

    kept: ParsedFiles
    prior: PriorConfiguration | None = None
    """The earlier configuration, in force where one cannot be read."""
    run: dict[tuple[str, str, frozenset[str]], ParsedFile] = field(default_factory=dict)
    """Files of this run by path, blob and ignored keys, so that two large registers do not evict each other."""

    def parse(self, file: File, ignored: frozenset[str] = frozenset()) -> ParsedFile:
        """The parsed file; keys of objects that are `ignored` are as if they were not there."""
        key = (file.path, file.oid, ignored)
        parsed = self.run.get(key) or self.kept.get(file, ignored)
        if parsed is None:
            parsed = _validated(read_contents(file), ignored)
            self.kept.put(file, parsed, ignored)
        if file.oid:
            self.run[key] = parsed
        return parsed


def read_files(
    tree: Tree, settings: ConfigurationFile, folder: str, files: Iterable[File], parser: FileParser
) -> Register:
    """The register of some files of a tree. `settings` is its configuration."""
    listed = _listed(tree, folder, files)
    ignored = frozenset(_rules(settings, parser.prior).ignore_keys)
    read = [_validated(file, ignored) if isinstance(file, Contents) else parser.parse(file, ignored) for file in listed]
    read.sort(key=lambda file: file.path)
    register = _assembled(settings, read, None if read else _no_register(tree, folder))
    missing = tuple(missing_file_findings(register, lambda path: tree.read(path) is not None))
    if missing:
        register = replace(register, findings=tidy((*register.findings, *missing)))
    return with_prior(register, parser.prior)


def _assembled(own: ConfigurationFile, files: Sequence[ParsedFile], absence: Finding | None) -> Register:
    settings = settings_of(own, ((file.path, file.settings) for file in files if file.settings is not None))
    findings = [*settings.findings, *(finding for file in files for finding in file.findings)]
    if absence is not None:
        findings.append(absence)
    broken = {pair for file in files for pair in file.broken}
    entries = [entry for file in files for entry in file.entries]
    collected, collisions = collect(entries)
    checked = check_references(
        replace(
            collected,
            configuration=settings.configuration,
            configuration_origin=settings.origin,
            configuration_is_broken=settings.is_broken,
            configuration_problem=settings.problem,
            configuration_is_doubtful=own.origin is None and not all(file.is_whole for file in files),
            is_missing=absence is not None,
            broken={
                kind: frozenset(object_id for name, object_id in broken if name == kind)
                | collected.broken.get(kind, frozenset())
                for kind in KINDS
            },
        )
    )
    unreadable = {entry for file in files for entry in file.unreadable}
    unreadable.update(entries_with_errors(entries, (*collisions, *checked.findings)))
    return replace(
        checked,
        findings=tidy((*findings, *collisions, *checked.findings)),
        unreadable=tuple(sorted(unreadable, key=lambda entry: (entry.finding.at, entry.kind or "", entry.id or ""))),
    )


def _rules(settings: ConfigurationFile, prior: PriorConfiguration | None) -> Configuration:
    """The configuration by which files are read: an earlier one where its own cannot be used."""
    return prior.configuration if settings.is_broken and prior is not None else settings.configuration


def _validated(contents: Contents, ignored: frozenset[str] = frozenset()) -> ParsedFile:
    """The validated contents of one file; one at a time, to free the nodes of each."""
    entries: list[RegisterEntry[RegisterObject]] = []
    is_whole = not any(finding.severity is FindingSeverity.ERROR for finding in contents.findings)
    for index, item in enumerate(contents.objects):
        entry, wrong = _entry(item, index, ignored)
        contents.findings.extend(wrong)
        if entry is not None:
            entries.append(entry)
        else:
            why = next((finding for finding in wrong if finding.severity is FindingSeverity.ERROR), None)
            contents.lose(item.node, item.kind, why or contents.error_at(item.node.place))
    unreadable = [*contents.unreadable]
    errors = [finding for finding in contents.findings if finding.severity is FindingSeverity.ERROR]
    if errors and not any(entry.is_error for entry in unreadable):
        # Something in this file is not understood, and nobody can say what it is about.
        unreadable.append(UnreadableEntry(errors[0]))
    return ParsedFile(
        contents.path,
        tuple(entries),
        tuple(contents.findings),
        frozenset(contents.broken),
        contents.settings,
        tuple(unreadable),
        is_whole,
    )


def _listed(tree: Tree, folder: str, files: Iterable[File]) -> Iterator[File | Contents]:
    """The files to parse, and findings about those that cannot be read."""
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
    if file.mode is Mode.OTHER or (file.mode is Mode.UNREADABLE and not suffix):
        return file  # a submodule or a folder may hold objects, whatever its name: that they are not read is an error
    if suffix in READ_SUFFIXES:
        return None if file.path.lower().endswith("/readme.md") else file
    ignored = Contents(file.path)
    message = "JSON files are not read" if suffix == ".json" else "this file is not read, by its name"
    ignored.skip("not-read", message, "Write it as YAML, or move it out of the register folder.")
    if suffix != ".json":
        # Nothing to remark, unless it held objects under another name.
        ignored.findings.clear()
    return ignored


def _followed(tree: Tree, link: File, folder: str) -> File | Contents | None:
    try:
        followed = follow(tree, link)
    except Unreadable as astray:
        lost = Contents(link.path)
        lost.lose_file(link, *astray.findings)
        return lost
    # Files inside the register are read at their own path.
    inside = (target_of(link) or "").startswith(f"{folder}/")
    return None if inside else _wanted(tree, followed, folder)


def _too_large(folder: str) -> Contents:
    stopped = Contents(folder)
    message = (
        f"the register is larger than {MAX_FILES:,} files or {MAX_TOTAL_BYTES // 1024**2} MiB; the rest was not read"
    )
    why = stopped.note((1, 1), "register-too-large", message, "Keep only register objects in this folder.")
    stopped.unreadable.append(UnreadableEntry(why))
    return stopped


def _entry(
    item: ObjectNode, index: int, ignored: frozenset[str]
) -> tuple[RegisterEntry[RegisterObject] | None, tuple[Finding, ...]]:
    document = plain(item.node.without(*ignored) if ignored else item.node, item.path)
    value, findings = validate(KINDS[item.kind], document)
    if value is None or item.node.flawed:
        return None, findings
    written = document.data if isinstance(document.data, dict) else {}
    return RegisterEntry(value, replace(document.origin, index=index), written), findings


def _no_register(tree: Tree, folder: str) -> Finding:
    """Why there is no register in a folder: it does not exist, or it or a folder above it is a link or a submodule."""
    parts = folder.split("/")
    for count in range(1, len(parts) + 1):
        path = "/".join(parts[:count])
        file = tree.read(path)
        if file is not None and file.mode is Mode.SYMLINK:
            message = f"the folder of the register is a symbolic link ('{path}'); those are not followed"
            return _absence(path, message, "Move the folder itself there, or name the real folder with 'register:'.")
        if file is not None and file.mode is Mode.OTHER:
            message = f"the folder of the register is a submodule ('{path}'); other repositories are not read"
            return _absence(path, message, "Keep the register in this repository, or install reassay in the other one.")
        if file is not None:
            return _absence(path, f"the folder of the register is a file ('{path}')", "Put the file into a folder.")
    remedy = "Run 'reassay init' to create one, or set its folder in .github/reassay.yml ('register: folder/')."
    return Finding(Position(f"{folder}/"), NO_REGISTER, f"there is no register in the folder '{folder}/'", remedy)


def _absence(path: str, message: str, remedy: str) -> Finding:
    return Finding(Position(path), REGISTER_ELSEWHERE, message, remedy)
