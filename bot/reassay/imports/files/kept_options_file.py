"""The file with the options of imports that are kept for next time. What it says is read as untrusted text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

from reassay.common.errors import UsageError
from reassay.imports.files.import_target import write_text
from reassay.imports.files.spreadsheet_yaml import Yaml12Dumper
from reassay.imports.kept_options import FLAGS, KINDS, LISTS, KeptOptions, OptionText, checked_name, one_of, with_entry
from reassay.register.files.nodes import ListNode, MapNode, Node, ScalarNode
from reassay.register.files.text import Unreadable, decode
from reassay.register.files.tree import File
from reassay.register.files.working_tree import WorkingTree
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import inert, quoted
from reassay.register.limits import MAX_FILE_BYTES

KEPT: Final = ".github/reassay-import.yml"
"""Path from the root of the repository. It is outside of `.github/reassay/`, whose files are policy."""
_KEY: Final = "files"
_HEAD: Final = (
    "# Options of `reassay import` and `import-history` for each file, as on the command line.\n"
    "# An import that succeeds writes them here; the next one of the same file reads them. You may edit them.\n"
)


def read_kept(root: Path, file: Path | None) -> tuple[KeptOptions, ...]:
    """The kept options of all files: from `file`, or else from KEPT below `root`. Raises UsageError with file and line."""
    found = _file(root, file)
    if found is None:
        return ()
    try:
        document, findings = read_yaml(found.path, decode(found))
    except Unreadable as stopped:
        findings, document = stopped.findings, None
    if findings:
        first = findings[0]
        where = f"{inert(first.at.path)}:{first.at.line}"
        raise UsageError(f"{first.message}.", where=where, remedy=f"{first.remedy} Or add --no-saved.")
    return () if document is None else tuple(_entries(document, inert(found.path)))


def _file(root: Path, file: Path | None) -> File | None:
    if file is None:
        return WorkingTree(root).read(KEPT)
    try:
        if not file.exists():
            return None
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        remedy = "Give a file with --map-file that you can read."
        raise UsageError(f"cannot be read: {error.strerror}.", where=inert(str(file)), remedy=remedy) from error
    return File(str(file), data if len(data) <= MAX_FILE_BYTES else None, size=len(data))


def _entries(document: Node, path: str) -> list[KeptOptions]:
    top = _mapping(document, path, f"Write '{_KEY}:' and below it a list with an entry for each file.")
    for name, member in top.members.items():
        if name != _KEY:
            where = f"{path}:{member.key_place[0]}"
            raise UsageError(f"{quoted(name)} is not a key of this file.", where=where, remedy=f"Its key is '{_KEY}'.")
    if _KEY not in top.members:
        return []
    node = top.members[_KEY].node
    if isinstance(node, ScalarNode) and node.value is None:
        return []
    if not isinstance(node, ListNode):
        raise UsageError(
            "this is not a list.", where=_at(node, path), remedy="Write an entry '- file: NAME' for each file."
        )
    return [_entry(item, path) for item in node.items]


def _entry(node: Node, path: str) -> KeptOptions:
    entry = _mapping(node, path, "Write 'file: NAME' and its options.")
    texts: dict[str, tuple[OptionText, ...]] = {}
    for name, member in entry.members.items():
        if name in {"file", "kind"}:
            continue
        option = checked_name(name, f"{path}:{member.key_place[0]}")
        texts[option] = _texts(option, member.node, path)
    if "file" not in entry.members:
        raise UsageError("this entry names no file.", where=_at(node, path), remedy="Write 'file: NAME' into it.")
    file = _text(entry.members["file"].node, path)
    kind = _text(entry.members["kind"].node, path) if "kind" in entry.members else OptionText(KINDS[0], path)
    return KeptOptions(file.text, one_of(kind, KINDS), {name: options for name, options in texts.items() if options})


def _texts(option: str, node: Node, path: str) -> tuple[OptionText, ...]:
    if option in LISTS and isinstance(node, ListNode):
        return tuple(_text(item, path) for item in node.items)
    text = _text(node, path)
    if option in FLAGS:
        return (text,) if one_of(text, ("true", "false")) == "true" else ()
    return (text,)


def _text(node: Node, path: str) -> OptionText:
    if not isinstance(node, ScalarNode) or node.value is None:
        raise UsageError(
            "this is not a text.", where=_at(node, path), remedy="Write it as on the command line, in quotes."
        )
    value = node.value
    return OptionText(str(value).lower() if isinstance(value, bool) else str(value), _at(node, path))


def _mapping(node: Node, path: str, remedy: str) -> MapNode:
    if isinstance(node, MapNode):
        return node
    raise UsageError("this is not a list of keys with values.", where=_at(node, path), remedy=remedy)


def _at(node: Node, path: str) -> str:
    return f"{path}:{node.place[0]}"


def keep(root: Path, file: Path | None, entry: KeptOptions, before: Sequence[KeptOptions]) -> str | None:
    """Writes the options of one file beside those `before`; the path, or None if nothing changed. Raises UsageError."""
    own = next((other for other in before if other.is_for(entry.file, entry.kind)), None)
    if (own is None and not entry.texts) or (own is not None and dict(own.texts) == dict(entry.texts)):
        return None
    target = root / KEPT if file is None else file
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    text = _appended(old, entry) if own is None else None
    write_text(target, text or _HEAD + _dumped(with_entry(before, entry)))
    return KEPT if file is None else inert(str(file))


def _appended(old: str, entry: KeptOptions) -> str | None:
    """The text with one more entry at its end, so that what people wrote is kept; None if it does not end with the list."""
    if not old.strip():
        return None
    text = f"{old.rstrip()}\n{_dumped([entry]).partition(chr(10))[2]}"
    try:
        document, findings = read_yaml(KEPT, text)
        before, _ = read_yaml(KEPT, old)
        if findings or document is None or before is None:
            return None
        return text if _entries(document, KEPT) == [*_entries(before, KEPT), entry] else None
    except (Unreadable, UsageError):
        return None


def _dumped(entries: Sequence[KeptOptions]) -> str:
    document = {_KEY: [_plain(entry) for entry in entries]}
    # yaml's own types do not say that it returns text when no stream is given.
    text: str = yaml.dump(document, Dumper=Yaml12Dumper, sort_keys=False, allow_unicode=True, width=1_000, indent=2)
    return text


def _plain(entry: KeptOptions) -> dict[str, object]:
    options: dict[str, object] = {}
    for name, texts in entry.texts.items():
        if name in LISTS:
            options[name] = [option.text for option in texts]
        else:
            options[name] = True if name in FLAGS else texts[0].text
    return {"file": entry.file, "kind": entry.kind, **options}
