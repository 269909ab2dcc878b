"""The objects and configuration keys of one file with their kinds, not yet validated."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from reassay.register.files.declared_ids import entries_in_text, entries_of, ids_in_text, ids_of, kind_of_key
from reassay.register.files.front_matter import split, with_description
from reassay.register.files.kinds import (
    COLLECTION_KEYS,
    CONFIGURATION_KEYS,
    has_its_own_kind,
    is_one_object,
    kind_by_folder,
    kind_by_name,
    kind_names,
)
from reassay.register.files.nodes import ListNode, MapNode, Node, Place, ScalarNode, position, text_of
from reassay.register.files.text import Unreadable, decode
from reassay.register.files.tree import File, suffix_of
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import Finding, FindingSeverity, Position, did_you_mean, quoted
from reassay.register.foreign_keys import PREFIX
from reassay.register.register import KINDS
from reassay.register.unreadable_entry import UnreadableEntry


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """One object of a file with its kind, not yet validated."""

    kind: str
    path: str
    node: MapNode


@dataclass(slots=True)
class Contents:
    """The contents of one file, filled while it is read."""

    path: str
    objects: list[ObjectNode] = field(default_factory=list)
    settings: MapNode | None = None
    """Keys of the configuration at the head of a collection."""
    findings: list[Finding] = field(default_factory=list)
    broken: set[tuple[str, str]] = field(default_factory=set)
    """Kind and id of objects that cannot be used."""
    unreadable: list[UnreadableEntry] = field(default_factory=list)
    """Places that declare an object, or may declare one, and cannot be used."""

    _errors: list[Finding] = field(default_factory=list)
    """The errors among the first `_placed` findings, in order of place."""
    _placed: int = 0

    def note(self, place: Place, code: str, message: str, remedy: str) -> Finding:
        """Adds an error."""
        finding = Finding(position(self.path, place), code, message, remedy)
        self.findings.append(finding)
        return finding

    def skip(self, code: str, message: str, remedy: str, kind: str | None = None) -> None:
        """Adds a warning that the whole file is not read; it may have held objects before."""
        finding = Finding(Position(self.path), code, message, remedy, FindingSeverity.WARNING)
        self.findings.append(finding)
        self.unreadable.append(UnreadableEntry(finding, kind))

    def lose(self, node: Node, kind: str | None, why: Finding) -> None:
        """Adds the objects of a node, which cannot be used; `kind` None means any kind."""
        self._lose_ids(kind, ids_of(node))
        self.unreadable.extend(entries_of(node, kind, why))

    def lose_file(self, file: File, *findings: Finding) -> None:
        """Adds whatever objects an unreadable file seems to declare."""
        self.findings.extend(findings)
        self._lose_ids(None, ids_in_text(file))
        self.unreadable.extend(entries_in_text(file, next(filter(_is_error, findings), findings[0])))

    def error_at(self, place: Place) -> Finding:
        """The first error at a place or after it, else the last one before it."""
        for finding in self.findings[self._placed :]:
            if _is_error(finding):
                insort(self._errors, finding, key=_place)
        self._placed = len(self.findings)
        if not self._errors:
            return Finding(
                position(self.path, place), "unreadable-entry", "this entry cannot be read", "Write it again."
            )
        return self._errors[min(bisect_left(self._errors, place, key=_place), len(self._errors) - 1)]

    def _lose_ids(self, kind: str | None, ids: Iterable[str]) -> None:
        for object_id in ids:
            self.broken.update((name, object_id) for name in ([kind] if kind else KINDS))


def _place(finding: Finding) -> Place:
    return finding.at.line, finding.at.column


def _is_error(finding: Finding) -> bool:
    return finding.severity is FindingSeverity.ERROR


def read_contents(file: File) -> Contents:
    """The contents of a file, with findings about objects that cannot be used."""
    contents = Contents(file.path)
    try:
        text = decode(file)
        if suffix_of(file.path) == ".md":
            _markdown(contents, text)
        else:
            node, findings = read_yaml(file.path, text)
            contents.findings.extend(findings)
            _document(contents, node)
    except Unreadable as refused:
        contents.lose_file(file, *refused.findings)
    return contents


def _markdown(contents: Contents, text: str) -> None:
    front = split(contents.path, text)
    kind = kind_by_folder(contents.path)
    if front is None:
        if kind is not None:
            message = "this Markdown file has no front matter, so it was not read as an object"
            contents.skip("not-read", message, "Begin it with '---', the keys, and '---'; or move it elsewhere.", kind)
        return
    node, findings = read_yaml(contents.path, front.yaml, first_line=2)
    if isinstance(node, MapNode):
        if kind is None and not {"kind", "id"} & node.members.keys():
            message = "this Markdown file does not state its kind, so it was not read"
            contents.skip("not-read", message, f"If it is an object, add 'kind:' ({kind_names()}) to its front matter.")
            return
        node, twice = with_description(contents.path, front, node)
        contents.findings.extend((*findings, *twice))
        _single(contents, node, kind)
        return
    contents.findings.extend(findings)
    place = node.place if node else (2, 1)
    why = contents.note(place, "not-an-object", "the front matter holds no keys", "Write 'id:', 'title:' and so on.")
    contents.unreadable.append(UnreadableEntry(why, kind))


def _document(contents: Contents, node: Node | None) -> None:
    match node:
        case None:
            contents.skip("empty-file", "this file is empty or holds only comments", "Delete or fill it.")
        case ScalarNode(value=None, flawed=False):
            contents.skip("empty-file", "this file is empty", "Delete or fill it.")
        case ScalarNode():
            message = "this file holds a single text or number, not an object"
            why = contents.note(
                node.place, "not-an-object", message, "Write keys: 'id: ...', 'title: ...' on lines of their own."
            )
            contents.unreadable.append(UnreadableEntry(why, kind_by_folder(contents.path)))
        case ListNode():
            kind = kind_by_name(contents.path) or kind_by_folder(contents.path)
            _entries(contents, node, kind)
        case MapNode() if is_one_object(frozenset(node.members), names_mitigations=_names_mitigations(node)):
            _single(contents, node, kind_by_folder(contents.path))
        case MapNode():
            _collection(contents, node)


def _names_mitigations(node: MapNode) -> bool:
    """Whether `mitigations` lists ids, as evidence and acceptances do, and not the objects of a collection."""
    member = node.members.get("mitigations")
    items = member.node.items if member and isinstance(member.node, ListNode) else []
    return bool(items) and all(isinstance(item, ScalarNode) for item in items)


def _collection(contents: Contents, node: MapNode) -> None:
    for key, member in node.members.items():
        if key in COLLECTION_KEYS:
            _listed(contents, member.node, COLLECTION_KEYS[key], key)
        elif key not in CONFIGURATION_KEYS and not key.startswith(PREFIX):
            guess = did_you_mean(key, [*COLLECTION_KEYS, *CONFIGURATION_KEYS])
            remedy = guess or f"Keys at the top of a file are {', '.join(COLLECTION_KEYS)}, or those of one object."
            what = f"{quoted(key)} is not a key of a collection"
            why = contents.note(member.key_place, "unknown-key", what, remedy)
            contents.lose(member.node, kind_of_key(key), why)
        elif (listed := key.removeprefix(PREFIX).replace("-", "_")) in COLLECTION_KEYS and any(ids_of(member.node)):
            what = f"{quoted(key)} is not read, and it holds entries of the register"
            remedy = f"Write {quoted(listed)}, or delete the entries that no longer apply."
            contents.lose(
                member.node, COLLECTION_KEYS[listed], contents.note(member.key_place, "foreign-list", what, remedy)
            )
    for key, dropped in node.repeated:
        if key in COLLECTION_KEYS:
            contents.lose(dropped, COLLECTION_KEYS[key], contents.error_at(dropped.place))
    settings = {key: member for key, member in node.members.items() if key in CONFIGURATION_KEYS}
    if settings:
        flawed = any(member.node.flawed for member in settings.values())
        twice = any(key in CONFIGURATION_KEYS for key, _ in node.repeated)
        place = next(iter(settings.values())).key_place
        contents.settings = MapNode(place, settings, [], flawed or twice)


def _listed(contents: Contents, node: Node, kind: str, key: str) -> None:
    match node:
        case ListNode():
            _entries(contents, node, kind)
        case ScalarNode(value=None, flawed=False):
            pass  # an empty list
        case ScalarNode(value=None):
            contents.lose(node, kind, contents.error_at(node.place))
        case _:
            remedy = f"Start each entry with '- ' on a line of its own below '{key}:'."
            why = contents.note(node.place, "wrong-type", f"{quoted(key)} must be a list", remedy)
            contents.lose(node, kind, why)


def _entries(contents: Contents, node: ListNode, kind: str | None) -> None:
    for item in node.items:
        if isinstance(item, MapNode):
            _single(contents, item, kind)
            continue
        if item.flawed:
            why = contents.error_at(item.place)
        else:
            message = "this entry is not an object: it has no keys"
            remedy = "Write for example '- id: ...' and the other keys below."
            why = contents.note(item.place, "not-an-object", message, remedy)
        contents.unreadable.append(UnreadableEntry(why, kind))


def _single(contents: Contents, node: MapNode, given: str | None) -> None:
    stated = node.members.get("kind")
    kind = given
    if has_its_own_kind(given) and (stated is None or text_of(stated.node) != given):
        # `kind` is a field of incidents, for example `near-miss`; their place implies the kind of object.
        contents.objects.append(ObjectNode(str(given), contents.path, node))
        return
    if stated is not None:
        kind = text_of(stated.node)
        if kind not in KINDS:
            remedy = did_you_mean(kind or "", KINDS) or f"Possible: {kind_names()}."
            what = f"{quoted(kind or '')} is not a kind of object"
            why = contents.note(stated.node.place, "unknown-kind", what, remedy)
            contents.lose(node, None, why)
            return
        if given is not None and kind != given:
            message = f"the object states the kind {kind}, and its place implies {given}"
            remedy = "Delete the key, or move the object."
            why = contents.note(stated.node.place, "contradicting-kind", message, remedy)
            contents.lose(node, None, why)
            return
    elif kind is None:
        message = "the kind of this object is not stated"
        remedy = f"Add 'kind:' ({kind_names()}), or put it into a folder of that name, or under 'mitigations:'."
        contents.lose(node, None, contents.note(node.place, "unknown-kind", message, remedy))
        return
    contents.objects.append(ObjectNode(str(kind), contents.path, node.without("kind")))
