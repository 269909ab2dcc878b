"""References between objects: each id must be that of one declared object of the right kind. Runs all lint passes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from reassay.register.assessable import Assessable
from reassay.register.base import Described
from reassay.register.commitment import Commitment
from reassay.register.finding import Finding, FindingSeverity, Location, did_you_mean, quoted
from reassay.register.lint.agreements import agreement_findings
from reassay.register.lint.criteria import criterion_errors
from reassay.register.lint.deadlines import deadline_findings, event_findings, retention_findings
from reassay.register.lint.incident_rates import incident_rate_findings
from reassay.register.lint.ineffective_entries import ineffective_entry_findings
from reassay.register.lint.intervals import interval_findings
from reassay.register.lint.mitigations import mitigation_findings
from reassay.register.lint.observations import observation_findings
from reassay.register.lint.orphans import orphan_findings
from reassay.register.lint.placeholders import placeholder_findings
from reassay.register.lint.roles import role_findings
from reassay.register.lint.signal_sources import signal_source_findings
from reassay.register.lint.sources import source_findings
from reassay.register.lint.standards import standard_findings
from reassay.register.object_references import SUBJECT, references_of
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject, in_words

EntryT = TypeVar("EntryT", bound=Described)
MAX_GUESSES: Final = 200
"""Most suggestions of similar ids in one run, as each takes long in a large register."""
_WORDS: Final[Mapping[str, str]] = {kind: in_words(kind) for kind in KINDS} | {SUBJECT: "mitigation"}
_UNUSABLE: Final = ("mitigation", "deployment", "commitment")
"""Kinds whose objects are left out if a reference is wrong; records of events are kept for their other references."""


@dataclass(slots=True)
class _Search:
    """Ids by kind, of usable and of broken objects, and the number of suggestions so far."""

    usable: Mapping[str, Iterable[str]]
    broken: Mapping[str, frozenset[str]]
    guesses: int = field(default=0)

    def problem(self, kind: str, name: str) -> tuple[str, str, str] | None:
        """Code, message and remedy of a wrong reference; None if it is right."""
        if name in self.usable[kind] or name in self.broken.get(kind, frozenset()):
            return None
        other = next((other_kind for other_kind in self.usable if name in self.usable[other_kind]), None)
        if other is not None:
            message = f"{quoted(name)} is a {_WORDS[other]}, not a {_WORDS[kind]}"
            return "ambiguous-reference", message, f"Name a {_WORDS[kind]} here, or declare one of that id."
        message = f"there is no {_WORDS[kind]} {quoted(name)}"
        return (
            "unknown-reference",
            message,
            self._guess(kind, name) or f"Declare the {_WORDS[kind]}, or delete the name.",
        )

    def problem_of_any(self, name: str) -> tuple[str, str, str] | None:
        """Code, message and remedy of the id of an object of any kind; None if there is such an object."""
        if any(name in ids for by_kind in (self.usable, self.broken) for ids in by_kind.values()):
            return None
        self.guesses += 1
        every = sorted({other for ids in self.usable.values() for other in ids}) if self.guesses <= MAX_GUESSES else ()
        remedy = did_you_mean(name, every) or "Declare it, delete the name, or cite a publication under 'references'."
        return "unknown-reference", f"there is no object {quoted(name)}", remedy

    def _guess(self, kind: str, name: str) -> str:
        self.guesses += 1
        return did_you_mean(name, sorted(self.usable[kind])) if self.guesses <= MAX_GUESSES else ""


def check_references(register: Register) -> Register:
    """The register without objects that have wrong references; its `findings` are those of the lint passes alone."""
    usable: dict[str, Iterable[str]] = {kind: register.objects(kind).keys() for kind in KINDS}
    usable[SUBJECT] = {*register.subjects, *register.renamed}
    broken = dict(register.broken)
    broken[SUBJECT] = broken.get("mitigation", frozenset()) | broken.get("commitment", frozenset())
    search = _Search(usable, broken)
    findings: list[Finding] = [
        *_former_ids(register),
        *agreement_findings(register),
        *event_findings(register),
        *retention_findings(register),
        *standard_findings(register),
    ]
    configuration = None if register.configuration_is_broken else register.configuration
    rings = _rings(register)
    lost: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind in KINDS:
        for name, entry in register.objects(kind).items():
            wrong = [
                *_wrong(entry, search),
                *_related(entry, search),
                *_items_twice(entry),
                *placeholder_findings(kind, entry, configuration),
            ]
            if kind == "commitment":
                wrong += _of_commitment(register.commitments[name], rings)
            findings.extend(wrong)
            if kind in _UNUSABLE and _errors(wrong):
                lost[kind].add(name)
    for mitigation in register.mitigations.values():
        findings.extend(mitigation_findings(mitigation, configuration))
    roles = role_findings(register)
    checked = replace(
        register,
        mitigations=_without(register.mitigations, lost["mitigation"]),
        deployments=_without(register.deployments, lost["deployment"]),
        commitments=_without(register.commitments, lost["commitment"]),
        broken={kind: register.broken.get(kind, frozenset()) | lost[kind] for kind in KINDS},
        findings=(*findings, *roles),
        configuration_is_broken=register.configuration_is_broken or _errors(roles),
        configuration_problem=register.configuration_problem or _first_error(roles),
    )
    return replace(
        checked,
        findings=(
            *checked.findings,
            *interval_findings(checked),
            *orphan_findings(checked),
            *ineffective_entry_findings(checked),
            *incident_rate_findings(checked),
            *criterion_errors(checked),
            *signal_source_findings(checked),
            *source_findings(checked),
            *observation_findings(checked),
        ),
    )


def _without(entries: Mapping[str, RegisterEntry[EntryT]], lost: set[str]) -> Mapping[str, RegisterEntry[EntryT]]:
    return {name: entry for name, entry in entries.items() if name not in lost} if lost else entries


def _errors(findings: Iterable[Finding]) -> bool:
    return _first_error(findings) is not None


def _first_error(findings: Iterable[Finding]) -> Finding | None:
    return next((finding for finding in findings if finding.severity is FindingSeverity.ERROR), None)


def _wrong(entry: RegisterEntry[RegisterObject], search: _Search) -> Iterator[Finding]:
    seen: set[tuple[Location, str]] = set()
    for location, kind, name in references_of(entry.value):
        within = (location[:-1], name)
        if isinstance(location[-1], int) and within in seen:
            at = entry.origin.at(*location)
            yield Finding(
                at, "listed-twice", f"{quoted(name)} is listed twice", "Delete one of them.", FindingSeverity.WARNING
            )
            continue
        seen.add(within)
        problem = search.problem(kind, name)
        if problem is not None:
            yield Finding(entry.origin.at(*location), *problem)


def _related(entry: RegisterEntry[RegisterObject], search: _Search) -> Iterator[Finding]:
    """The errors of its `related`: ids that no object has, its own id, and ids given twice."""
    own = entry.value
    for index, name in enumerate(own.related):
        at = entry.origin.at("related", index)
        if name == own.id and not any(
            name in search.usable[kind] for kind in KINDS if not isinstance(own, KINDS[kind])
        ):
            message = f"{quoted(name)} is related to itself"
            yield Finding(at, "without-effect", message, "Name another object, or delete the name.")
        elif name in own.related[:index]:
            message = f"{quoted(name)} is listed twice"
            yield Finding(at, "listed-twice", message, "Delete one of them.", FindingSeverity.WARNING)
        elif (problem := search.problem_of_any(name)) is not None:
            yield Finding(at, *problem)


def _items_twice(entry: RegisterEntry[RegisterObject]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, item in enumerate(entry.value.checklist if isinstance(entry.value, Assessable) else ()):
        if item.id in seen:
            message = f"the checklist has the item {quoted(item.id)} twice"
            at = entry.origin.at("checklist", index, "id")
            yield Finding(at, "colliding-id", message, "Give each item its own id.")
        seen.add(item.id)


def _of_commitment(entry: RegisterEntry[Commitment], rings: Collection[str]) -> Iterator[Finding]:
    """The errors of its deadlines; and one if it takes its own place through others, so that none would be in force."""
    yield from deadline_findings(entry)
    if entry.value.id in rings:
        replaced = f"{quoted(entry.value.id)} is replaced by {quoted(entry.value.superseded_by or '')}"
        message = f"{replaced}, which it replaces in turn, so none of them would be in force"
        remedy = "Delete 'superseded_by' of the one that is in force last."
        yield Finding(entry.origin.at("superseded_by"), "without-effect", message, remedy)


def _rings(register: Register) -> frozenset[str]:
    """The commitments that replace each other in a ring."""
    rings: set[str] = set()
    seen: set[str] = set()
    for first in register.commitments:
        path: list[str] = []
        places: dict[str, int] = {}
        name: str | None = first
        while name and name not in seen and name not in places:
            places[name] = len(path)
            path.append(name)
            successor = register.commitments.get(name)
            name = successor.value.superseded_by if successor else None
        if name in places:
            rings |= {*path[places[name] :]}
        seen |= places.keys()
    return frozenset(rings)


def _former_ids(register: Register) -> Iterator[Finding]:
    """Former ids that are in use or claimed twice, so that the history would belong to two mitigations or commitments."""
    claimed: dict[str, str] = {}
    subjects = [*register.mitigations.items(), *register.commitments.items()]
    present = {name: "mitigation" if name in register.mitigations else "commitment" for name, _ in reversed(subjects)}
    for _, entry in subjects:
        for index, former in enumerate(entry.value.formerly):
            at = entry.origin.at("formerly", index)
            if former in present:
                kind = present[former]
                message = f"{quoted(former)} is the id of an existing {kind}, so it cannot be a former id"
                yield Finding(at, "former-id-in-use", message, f"Give that {kind} another id; ids are never reused.")
            elif former in claimed:
                message = f"{quoted(former)} is already a former id of {quoted(claimed[former])}"
                yield Finding(at, "former-id-twice", message, "Keep it where this history belongs.")
            claimed.setdefault(former, entry.value.id)
