"""Changes of the policy: the configuration field by field, and files that decide what runs and who is asked."""

from collections.abc import Iterator, Mapping

from reassay.changes.approval import approval_changes, checklist_changes
from reassay.changes.base import Change, Direction, FieldChange, looser, neutral, plain, tighter
from reassay.changes.guarded_paths import GUARDED, LINK, SUBMODULE, WORDS, GuardedPaths, is_guarded
from reassay.register.configuration import MODES, Configuration, Mode
from reassay.register.finding import Origin, Position

__all__ = ["GUARDED", "KIND", "GuardedPaths", "is_guarded", "policy_changes"]

KIND = "policy"
_CONFIGURATION = ".github/reassay.yml"
_UNTOLD = "it decides what runs or who is asked, and its direction cannot be determined"
_WORDS = "the bot posts these words in its own name"
_LINKED = "its content is read through a link, and its direction cannot be determined"
_IS_LINK = "it is a symbolic link, so its content comes from another place"
_WAS_LINK = "it is no longer a symbolic link, so its content comes from another place than before"
_FOLDER = "the register is read from this folder, and its direction cannot be determined"
EFFECTLESS: Mapping[str, str] = {
    "labels": "labels sort issues; no rule reads them",
    "dashboard": "the dashboard shows what the re-assessments say; no rule reads it",
}
"""Key of the configuration -> how it is known that its change has no effect."""


def policy_changes(
    before: Configuration,
    after: Configuration,
    origin: Origin | None,
    files: Mapping[str, tuple[str | None, str | None]],
) -> tuple[Change, ...]:
    """Changes of the configuration, then of guarded files. `files`: path -> digests of both sides."""
    changes = [_of_configuration(field_change, origin) for field_change in _field_changes(before, after)]
    for path, (old, new) in sorted(files.items()):
        is_linked = any((value or "").startswith(LINK) for value in (old, new))
        if path == _CONFIGURATION and changes and not is_linked:
            continue  # its fields are listed already
        word = "added" if old is None else "removed" if new is None else "changed"
        at = Position(path) if new else None
        why = _why(path, old, new)
        changes.append(Change(KIND, path, "", word, old, new, Direction.LOOSER, significant=False, why=why, at=at))
    return tuple(changes)


def _why(path: str, old: str | None, new: str | None) -> str:
    if path.endswith("/"):
        return _FOLDER
    links = [value is not None and value.startswith(LINK) for value in (old, new)]
    if any(links):
        return _IS_LINK if links[1] else _WAS_LINK
    if any(value is not None and value.startswith(SUBMODULE) for value in (old, new)):
        return f"it {'is' if new else 'was'} a submodule, whose content is in another repository"
    if path.startswith(WORDS):
        return _WORDS
    return _UNTOLD if is_guarded(path) else _LINKED


def _of_configuration(field_change: FieldChange, origin: Origin | None) -> Change:
    at = origin.at_key(field_change.field.split(".", maxsplit=1)[0]) if origin else None
    return Change(
        KIND,
        "configuration",
        field_change.field,
        field_change.change,
        field_change.before,
        field_change.after,
        field_change.direction,
        field_change.significant,
        field_change.why,
        at=at,
    )


def _field_changes(before: Configuration, after: Configuration) -> Iterator[FieldChange]:
    if before == after:
        return
    yield from _mode(before, after)
    yield from _roles(before, after)
    for name in ("loosening", "policy"):
        yield from approval_changes(f"gate.{name}", getattr(before.gate, name), getattr(after.gate, name))
    yield from checklist_changes("gate.questions", before.gate.questions, after.gate.questions)
    for name in Configuration.model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if name in {"mode", "roles"} or old == new:
            continue
        if name == "gate":
            rest = {"loosening": (), "policy": (), "questions": ()}
            old, new = old.model_copy(update=rest), new.model_copy(update=rest)
            if old == new:
                continue
        if name in EFFECTLESS:
            yield neutral(name, plain(old), plain(new), EFFECTLESS[name])
        else:
            yield looser(name, "changed", plain(old), plain(new), "it decides what is required, and of whom")


def _mode(before: Configuration, after: Configuration) -> Iterator[FieldChange]:
    if before.mode == after.mode:
        return
    if _rank(after.mode) < _rank(before.mode):
        yield looser("mode", "lowered", before.mode, after.mode, "fewer requirements are enforced")
    else:
        yield tighter("mode", "raised", before.mode, after.mode, "more requirements are enforced")


def _rank(mode: Mode | None) -> int:
    return MODES.index(mode) if mode else -1


def _roles(before: Configuration, after: Configuration) -> Iterator[FieldChange]:
    for name in sorted(before.roles.keys() | after.roles.keys()):
        old, new = before.roles.get(name), after.roles.get(name)
        if old != new:
            word = "added" if old is None else "removed" if new is None else "changed"
            yield looser(f"roles.{name}", word, plain(old), plain(new), "other people may act in this role")
