"""Objects that were declared or known and cannot be read any more.

An id that the ledger knows and the register lacks is unreadable while something in the register could hide it, and was removed
otherwise (`ended_ids.py`): one of both, never neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.common.sentences import count_words
from reassay.ledger.history import History
from reassay.register.assessable import Assessable
from reassay.register.finding import Finding, Position
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject, in_words
from reassay.register.unreadable_entry import UnreadableEntry

SUBJECTS: Final = frozenset({"mitigation", "commitment"})
"""Kinds whose objects are re-assessed."""
CONFIGURATION: Final = "configuration"
"""Kind of the configuration, of which there is one."""


@dataclass(frozen=True, slots=True)
class LastReadableRegister:
    """A register as it last could be read, for what nothing else says of objects that cannot be read now."""

    register: Register
    commit: str
    unreadable_since: date | None = None
    """The day of the first commit after it; None if it is not known."""


@dataclass(frozen=True, slots=True)
class UnreadableObject:
    """An object that was declared or known and cannot be read, or a place where one may be."""

    finding: Finding
    """Why, and where."""
    kind: str | None = None
    """Its kind, or `configuration`; None if it cannot be told."""
    id: str | None = None
    """None if it cannot be told."""
    owner: str | None = None
    """Its last known owner."""
    since: date | None = None
    """Since when it cannot be read; None if it is not known."""
    is_declared: bool = True
    """Whether the register still declares it; otherwise nobody can tell whether it was removed."""
    deployments: tuple[str, ...] = ()
    """The deployments that its entry names."""

    @property
    def place(self) -> str:
        """Path and line, such as `framework/mitigations.yml:4`."""
        return f"{self.finding.at.path}:{self.finding.at.line}"

    @property
    def name(self) -> str:
        """Kind and id, such as `mitigation jailbreak-filter`."""
        if self.kind == CONFIGURATION:
            return "the configuration"
        kind = in_words(self.kind) if self.kind else "entry"
        return f"{kind} {self.id}" if self.id else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"

    @property
    def words(self) -> str:
        """What cannot be read, and why, as part of a sentence."""
        if self.is_declared:
            return f"{self.name} cannot be read: {self.finding.message} ({self.place})"
        return f"{self.name} is missing, and may be unreadable: {self.finding.message} ({self.place})"


def unreadable_objects(
    register: Register, history: History, last: LastReadableRegister | None = None
) -> tuple[UnreadableObject, ...]:
    """Everything declared or known that cannot be read, in order of place and id; each once."""
    declared = {(own.kind, own.id, own.place): own for own in _declared(register, history, last)}
    missing = {(own.kind, own.id): own for own in _missing(register, history, last)}
    every = (*_configuration(register), *declared.values(), *missing.values())
    return tuple(sorted(every, key=lambda own: (own.finding.at, own.kind or "", own.id or "")))


def unreadable_subjects(unreadable: Iterable[UnreadableObject], register: Register) -> Mapping[str, UnreadableObject]:
    """The mitigations and commitments that cannot be read and have no readable entry, by id, in order of id.

    An entry of which nobody can tell the kind counts as one.
    """
    present = {*register.mitigations, *register.commitments}
    subjects: dict[str, UnreadableObject] = {}
    for own in unreadable:
        if own.id and (own.kind is None or own.kind in SUBJECTS) and own.id not in present:
            subjects.setdefault(own.id, own)
    return dict(sorted(subjects.items()))


def unread_words(unreadable: Iterable[UnreadableObject], kinds: frozenset[str]) -> str:
    """What of some kinds cannot be read, as part of a sentence; empty if everything can."""
    own = [item for item in unreadable if item.kind is None or item.kind in kinds]
    if not own:
        return ""
    more = len(own) - 1
    return own[0].words + (f", and {count_words(more, 'other')}" if more else "")


def known_ids(history: History) -> Iterator[str]:
    """Ids of the ledger's re-assessments, without those of content that a pull request only proposed."""
    return (
        reassessment.subject
        for reassessment in history.reassessments.values()
        if " " not in reassessment.subject and (reassessment.proposal is None or reassessment.landed)
    )


def declared_ids(register: Register) -> frozenset[str]:
    """Every id that the register declares as a mitigation or commitment, valid or not, and their former ids."""
    entries = (*register.mitigations.items(), *register.commitments.items())
    broken = (name for kind in SUBJECTS for name in register.broken.get(kind, frozenset()))
    claimed = (old for entry in register.unreadable if entry.is_error for old in entry.formerly)
    valid = (name for name, entry in entries for name in (name, *entry.value.formerly))
    return frozenset({*valid, *broken, *claimed})


def _configuration(register: Register) -> Iterator[UnreadableObject]:
    if register.configuration_is_broken:
        yield UnreadableObject(_configuration_error(register), CONFIGURATION)


def _configuration_error(register: Register) -> Finding:
    """The first error of the configuration, as far as that is known."""
    if register.configuration_problem is not None:
        return register.configuration_problem
    path = register.configuration_origin.path if register.configuration_origin else ""
    return next((finding for finding in register.errors if finding.at.path == path), _first_error(register))


def _first_error(register: Register) -> Finding:
    unnamed = Finding(Position(""), "unreadable-register", "the register has errors", "Run `reassay check`.")
    return next(iter(register.errors), unnamed)


def _declared(register: Register, history: History, last: LastReadableRegister | None) -> Iterator[UnreadableObject]:
    assessed = frozenset(known_ids(history))
    for entry in register.unreadable:
        if not entry.is_error:
            continue
        kind = entry.kind or _kind_of(entry, assessed, last)
        if entry.id and entry.kind is None and any(entry.id in register.objects(other) for other in KINDS):
            continue  # something that the file says about an object that can be read
        before = _before(kind, entry.id, last)
        owner = entry.owner or _owner(before)
        since = last.unreadable_since if last and before else None
        yield UnreadableObject(entry.finding, kind, entry.id, owner, since, deployments=entry.deployments)


def _kind_of(entry: UnreadableEntry, assessed: frozenset[str], last: LastReadableRegister | None) -> str | None:
    """The kind of an entry that does not say it: as it last was, else that of what the ledger knows."""
    if entry.id is None:
        return None
    kinds = [kind for kind in KINDS if last and entry.id in last.register.objects(kind)]
    return kinds[0] if kinds else "mitigation" if entry.id in assessed else None


def _missing(register: Register, history: History, last: LastReadableRegister | None) -> Iterator[UnreadableObject]:
    """What the ledger or the last readable register knows, and the register neither declares nor can have removed."""
    hiding = _Hiding.of(register)
    declared = declared_ids(register) - hiding.unplaced
    places = {own.subject: own.opened.place.path for own in history.reassessments.values()}
    wanted: list[tuple[str | None, str, str]] = [
        (None, name, places[name]) for name in sorted({*known_ids(history)} - declared - history.ended.keys())
    ]
    for kind in KINDS if last else ():
        gone = {*declared, *history.ended} if kind in SUBJECTS else {*register.objects(kind), *hiding.ids}
        entries = last.register.objects(kind) if last else {}
        wanted += [(kind, name, entry.origin.path) for name, entry in entries.items() if name not in gone]
    for stated, name, path in wanted:
        kind = stated or next((kind for kind in sorted(SUBJECTS) if _before(kind, name, last)), "mitigation")
        finding = hiding.finding(kind, name, path)
        if finding is not None:
            before = _before(kind, name, last)
            since = last.unreadable_since if last and before else None
            yield UnreadableObject(finding, kind, name, _owner(before), since, is_declared=False)


@dataclass(frozen=True, slots=True)
class _Hiding:
    """Everything in a register that may hide objects."""

    register: Register
    ids: frozenset[str]
    """Ids of entries with errors."""
    unplaced: frozenset[str]
    """Ids that seem to be declared, for example in the text of a file, by no entry whose place is known."""
    by_file: Mapping[str, Finding]
    """By the path of a file without its suffixes, the first error in it, or why it is not read."""
    by_kind: Mapping[str, Finding]
    """By kind, the first error of an entry whose id cannot be told."""

    @staticmethod
    def of(register: Register) -> _Hiding:
        errors = [entry for entry in register.unreadable if entry.is_error]
        ids = frozenset(entry.id for entry in errors if entry.id)
        broken = {name for kind in SUBJECTS for name in register.broken.get(kind, frozenset())}
        by_file: dict[str, Finding] = {}
        for entry in (*errors, *register.unreadable):
            by_file.setdefault(_stem(entry.finding.at.path), entry.finding)
        unnamed = [entry for entry in errors if entry.id is None]
        by_kind = {
            kind: own[0].finding for kind in KINDS if (own := [entry for entry in unnamed if entry.may_be(kind)])
        }
        unplaced = frozenset(broken - register.mitigations.keys() - register.commitments.keys() - ids)
        return _Hiding(register, ids, unplaced, by_file, by_kind)

    def finding(self, kind: str, name: str, path: str) -> Finding | None:
        """What may hide an object that was in the file `path` and that the register does not declare; None if nothing can."""
        register = self.register
        if hiding := self.by_file.get(_stem(path)) or self.by_kind.get(kind):
            return hiding
        if register.is_missing or (kind in SUBJECTS and not (register.mitigations or register.commitments)):
            return _absence(register)
        if register.configuration_is_broken:
            return _configuration_error(register)
        is_hidden = kind in SUBJECTS and (register.errors or name in self.unplaced)
        return _first_error(register) if is_hidden else None


def _absence(register: Register) -> Finding:
    folder = register.configuration.register_folder.rstrip("/")
    remedy = "Restore the files of the register, or remove what is in it one by one."
    empty = Finding(Position(f"{folder}/"), "empty-register", "the register holds no mitigation or commitment", remedy)
    return next(iter(register.errors), empty)


def _stem(path: str) -> str:
    """A path without the suffixes of its file: one that is renamed to `m.yml.bak` or `m.txt` is still the same file."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.lstrip('.').partition('.')[0]}".casefold()


def _before(
    kind: str | None, name: str | None, last: LastReadableRegister | None
) -> RegisterEntry[RegisterObject] | None:
    """An object as it last could be read; None if that is not known."""
    return last.register.objects(kind).get(name) if last and kind and kind in KINDS and name else None


def _owner(entry: RegisterEntry[RegisterObject] | None) -> str | None:
    return entry.value.owner if entry and isinstance(entry.value, Assessable) else None
