"""The configuration: a file of its own, or the head of collection files."""

from collections.abc import Iterable
from dataclasses import dataclass

from reassay.register.configuration import Configuration
from reassay.register.files.links import read_following
from reassay.register.files.nodes import MapNode, Node, plain
from reassay.register.files.text import Unreadable, decode
from reassay.register.files.tree import Tree
from reassay.register.files.validate import validate
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import Finding, Origin, Position, Severity, quoted

CONFIGURATION_PATH = ".github/reassay.yml"
_MISNAMED = ".github/reassay.yaml"
DEFAULT_FOLDER = "framework"


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration and how far it can be trusted."""

    configuration: Configuration
    folder: str
    """Of the register, without a slash at its end."""
    origin: Origin | None = None
    is_broken: bool = False
    findings: tuple[Finding, ...] = ()


def read_configuration(tree: Tree) -> Settings:
    """What the configuration file says; without one, the defaults and no origin."""
    try:
        file = read_following(tree, CONFIGURATION_PATH)
        if file is None:
            return Settings(Configuration(), DEFAULT_FOLDER, findings=_misnamed(tree))
        node, findings = read_yaml(CONFIGURATION_PATH, decode(file))
    except Unreadable as refused:
        origin = Origin(CONFIGURATION_PATH)
        return Settings(Configuration(), DEFAULT_FOLDER, origin, is_broken=True, findings=refused.findings)
    return _validated(node or MapNode((1, 1)), findings, CONFIGURATION_PATH)


def settings_of(own: Settings, heads: Iterable[tuple[str, MapNode]]) -> Settings:
    """The configuration, where heads of collection files carry keys of it. Each may be said in one place only."""
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
        findings.extend(_said_elsewhere(path, node, places))
        found = _validated(node, (), path)
        findings.extend(found.findings)
        broken |= found.is_broken
        document = plain(node, path)
        for key in node.members:
            places.setdefault(key, document.origin.at_key(key))
            origins.setdefault(key, document.origin)
            merged.setdefault(key, getattr(found.configuration, _field(key)))
    broken = broken or any(finding.code in {"said-twice", "register-inside"} for finding in findings)
    configuration = Configuration() if broken else Configuration().model_copy(update=merged)
    origin = origins.get("roles") or next(iter(origins.values()))
    return Settings(configuration, own.folder, origin, broken, tuple(findings))


def _validated(node: Node, findings: tuple[Finding, ...], path: str) -> Settings:
    document = plain(node, path)
    found, wrong = validate(Configuration, document)
    folder = _folder(node)
    broken = found is None or node.flawed
    configuration = found if found is not None and not node.flawed else Configuration()
    return Settings(configuration, folder, document.origin, broken, (*findings, *wrong))


def _folder(node: Node) -> str:
    """Where the register is, even if something else in the configuration is wrong."""
    said = node.members.get("register") if isinstance(node, MapNode) else None
    if said is None:
        return DEFAULT_FOLDER
    alone, _ = validate(Configuration, plain(MapNode(node.place, {"register": said}), CONFIGURATION_PATH))
    return alone.register_folder.rstrip("/") if alone else DEFAULT_FOLDER


def _field(key: str) -> str:
    return next((name for name, info in Configuration.model_fields.items() if info.alias == key), key)


def _misplaced(carrying: Iterable[tuple[str, MapNode]]) -> list[Finding]:
    message = "belongs into the configuration file, since there is one"
    remedy = f"Move it to {CONFIGURATION_PATH}."
    return [
        Finding(Position(path, *member.key_place), "misplaced-setting", f"{quoted(key)} {message}", remedy)
        for path, node in carrying
        for key, member in node.members.items()
    ]


def _said_elsewhere(path: str, node: MapNode, places: dict[str, Position]) -> list[Finding]:
    found = []
    for key, member in node.members.items():
        at = Position(path, *member.key_place)
        if key == "register":
            message = "the register's own files cannot say where the register is"
            found.append(Finding(at, "register-inside", message, f"Move it to {CONFIGURATION_PATH}."))
        elif key in places:
            first = places[key]
            message = f"{quoted(key)} is also said in {first.path}, line {first.line}"
            found.append(Finding(at, "said-twice", message, "Keep one of them."))
    return found


def _misnamed(tree: Tree) -> tuple[Finding, ...]:
    if tree.read(_MISNAMED) is None:
        return ()
    remedy = f"Rename it to {CONFIGURATION_PATH}."
    return (Finding(Position(_MISNAMED), "not-read", "this name is not looked for", remedy, Severity.WARNING),)


def _with(settings: Settings, more: Iterable[Finding]) -> Settings:
    findings = (*settings.findings, *more)
    return Settings(settings.configuration, settings.folder, settings.origin, settings.is_broken, findings)
