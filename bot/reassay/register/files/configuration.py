"""Reading the configuration, from its file or from the heads of collection files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reassay.register.configuration import CONFIGURATION_PATH, Configuration
from reassay.register.files.kinds import READ_KEYS
from reassay.register.files.links import read_following
from reassay.register.files.nodes import MapNode, Member, Node, plain
from reassay.register.files.text import Unreadable, decode
from reassay.register.files.tree import Tree
from reassay.register.files.validation import validate
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import Finding, FindingSeverity, Origin, Position, is_close, nearest, quoted
from reassay.register.foreign_keys import PREFIX
from reassay.register.prior_configuration import PriorConfiguration

_MISNAMED = ".github/reassay.yaml"
DEFAULT_FOLDER = "framework"


@dataclass(frozen=True, slots=True)
class ConfigurationFile:
    """The configuration as read, with its source and findings."""

    configuration: Configuration
    folder: str
    """Folder of the register, without a trailing slash."""
    origin: Origin | None = None
    is_broken: bool = False
    findings: tuple[Finding, ...] = ()
    is_folder_known: bool = True
    """Whether it states the folder, or can be read and leaves it out; no for a file that is gone."""

    @property
    def problem(self) -> Finding | None:
        """The first error of a configuration that cannot be used; None for one that can be."""
        errors = (finding for finding in self.findings if finding.severity is FindingSeverity.ERROR)
        return next(errors, None) if self.is_broken else None


def read_configuration(tree: Tree, prior: PriorConfiguration | None = None) -> ConfigurationFile:
    """The configuration of the configuration file; without a file the defaults, and `origin` is None.

    Its folder is that of `prior` where it does not say one. One without a register, while there is one in the folder of
    `prior`, is an error, so that a misspelt name loses nothing.
    """
    settings = _read(tree)
    if prior is None or settings.folder == prior.folder:
        return settings
    if not settings.is_folder_known:
        return replace(settings, folder=prior.folder)
    if _has_files(tree, settings.folder) or not _has_files(tree, prior.folder):
        return settings
    origin = settings.origin or Origin(CONFIGURATION_PATH)
    message = f"there is no register in '{settings.folder}/', but there is one in '{prior.folder}/'"
    remedy = f"Write 'register: {prior.folder}/', or move the register."
    finding = Finding(origin.at_key("register"), "register-not-there", message, remedy)
    return replace(settings, folder=prior.folder, is_broken=True, findings=(*settings.findings, finding))


def _has_files(tree: Tree, folder: str) -> bool:
    return any(True for _ in tree.list(folder))


def _read(tree: Tree) -> ConfigurationFile:
    try:
        file = read_following(tree, CONFIGURATION_PATH)
        if file is None:
            absent = ConfigurationFile(Configuration(), DEFAULT_FOLDER, findings=_misnamed(tree))
            return replace(absent, is_folder_known=False)
        node, findings = read_yaml(CONFIGURATION_PATH, decode(file))
    except Unreadable as refused:
        origin = Origin(CONFIGURATION_PATH)
        unread = ConfigurationFile(Configuration(), DEFAULT_FOLDER, origin, is_broken=True, findings=refused.findings)
        return replace(unread, is_folder_known=False)
    return _validated(node or MapNode((1, 1)), findings, CONFIGURATION_PATH)


def settings_of(own: ConfigurationFile, heads: Iterable[tuple[str, MapNode]]) -> ConfigurationFile:
    """The configuration with the keys at the heads of collection files. Each key may be set in one place only."""
    carrying = list(heads)
    if own.origin is not None:
        return _with(own, _misplaced(carrying))
    if not carrying:
        return own
    findings: list[Finding] = [*own.findings]
    merged: dict[str, object] = {}
    places: dict[str, Position] = {}
    origins: dict[str, Origin] = {}
    broken = False
    for path, node in carrying:
        findings.extend(_set_elsewhere(path, node, places))
        validated = _validated(node, (), path)
        findings.extend(validated.findings)
        broken |= validated.is_broken
        document = plain(node, path)
        for key in node.members:
            places.setdefault(key, document.origin.at_key(key))
            origins.setdefault(key, document.origin)
            merged.setdefault(key, getattr(validated.configuration, _field(key)))
    broken = broken or any(finding.code in {"said-twice", "register-inside", "ignored-inside"} for finding in findings)
    configuration = Configuration() if broken else Configuration().model_copy(update=merged)
    origin = origins.get("roles") or next(iter(origins.values()))
    return ConfigurationFile(configuration, own.folder, origin, broken, tuple(findings), own.is_folder_known)


def _validated(node: Node, findings: tuple[Finding, ...], path: str) -> ConfigurationFile:
    document = plain(node, path)
    value, wrong = validate(Configuration, document)
    folder = _folder(node)
    broken = value is None or node.flawed
    configuration = value if value is not None and not node.flawed else Configuration()
    is_known = folder is not None or not (broken or not _members(node))
    unfit = _unfit_ignored(value, document.origin) if value is not None else ()
    if any(finding.severity is FindingSeverity.ERROR for finding in unfit):
        broken, configuration = True, Configuration()
    all_findings = (*findings, *wrong, *unfit)
    return ConfigurationFile(configuration, folder or DEFAULT_FOLDER, document.origin, broken, all_findings, is_known)


def _field_like(key: str) -> str | None:
    """The field for which a key may stand, misspelt or in letters of another alphabet; None if there is none."""
    near = nearest(key, READ_KEYS)
    alike = (field for field in sorted(READ_KEYS) if not key.isascii() and is_close(key, field))
    return near if near is not None and is_close(key, near) else next(alike, None)


def _unfit_ignored(configuration: Configuration, origin: Origin) -> tuple[Finding, ...]:
    """The findings about ignored keys: a field of the register cannot be ignored, and one that looks like a field may be it."""
    findings = []
    for index, key in enumerate(configuration.ignore_keys):
        at = origin.at("ignore_keys", index)
        if key in READ_KEYS:
            message = f"{quoted(key)} is a field of the register, so it cannot be ignored"
            findings.append(
                Finding(at, "bad-ignored-key", message, "Delete it here; or rename it in the files to 'x-...'.")
            )
        elif key.startswith(PREFIX):
            message = f"{quoted(key)} is ignored anyway, because it begins with x-"
            findings.append(Finding(at, "without-effect", message, "Delete it here.", FindingSeverity.WARNING))
        elif (field := _field_like(key)) is not None:
            message = f"{quoted(key)} looks like the field {quoted(field)}, so a misspelling of it would go unnoticed"
            findings.append(
                Finding(at, "near-a-field", message, "Rename it in the files to 'x-...'.", FindingSeverity.WARNING)
            )
    return tuple(findings)


def _members(node: Node) -> Mapping[str, Member]:
    return node.members if isinstance(node, MapNode) else {}


def _folder(node: Node) -> str | None:
    """The folder of the register, even if other keys are wrong; None if it is not stated, or wrong itself."""
    member = _members(node).get("register")
    if member is None:
        return None
    alone, _ = validate(Configuration, plain(MapNode(node.place, {"register": member}), CONFIGURATION_PATH))
    return alone.register_folder.rstrip("/") if alone else None


def _field(key: str) -> str:
    return next((name for name, info in Configuration.model_fields.items() if info.alias == key), key)


def _misplaced(carrying: Iterable[tuple[str, MapNode]]) -> list[Finding]:
    message = "belongs in the configuration file, because there is one"
    remedy = f"Move it to {CONFIGURATION_PATH}."
    return [
        Finding(Position(path, *member.key_place), "misplaced-setting", f"{quoted(key)} {message}", remedy)
        for path, node in carrying
        for key, member in node.members.items()
    ]


def _set_elsewhere(path: str, node: MapNode, places: dict[str, Position]) -> list[Finding]:
    findings = []
    for key, member in node.members.items():
        at = Position(path, *member.key_place)
        if key == "ignore_keys":
            message = "files of the register cannot say which of their keys are ignored"
            findings.append(Finding(at, "ignored-inside", message, f"Move it to {CONFIGURATION_PATH}."))
        elif key == "register":
            message = "files of the register cannot set the folder of the register"
            findings.append(Finding(at, "register-inside", message, f"Move it to {CONFIGURATION_PATH}."))
        elif key in places:
            first = places[key]
            message = f"{quoted(key)} is also set in {first.path}, line {first.line}"
            findings.append(Finding(at, "said-twice", message, "Keep one of them."))
    return findings


def _misnamed(tree: Tree) -> tuple[Finding, ...]:
    if tree.read(_MISNAMED) is None:
        return ()
    remedy = f"Rename it to {CONFIGURATION_PATH}."
    return (
        Finding(
            Position(_MISNAMED),
            "not-read",
            "reassay does not read a file of this name",
            remedy,
            FindingSeverity.WARNING,
        ),
    )


def _with(settings: ConfigurationFile, more: Iterable[Finding]) -> ConfigurationFile:
    findings = (*settings.findings, *more)
    return replace(settings, findings=findings)
