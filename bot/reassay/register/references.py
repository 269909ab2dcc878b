"""What objects say about each other: every name must lead somewhere, and to one thing only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from reassay.register.advice import mitigation_advice
from reassay.register.assessable import Assessable
from reassay.register.base import Described
from reassay.register.finding import Finding, Location, Severity, did_you_mean, quoted
from reassay.register.mentions import SUBJECT, mentions
from reassay.register.orphans import orphan_findings
from reassay.register.register import KINDS, Entry, Register, RegisterObject, in_words
from reassay.register.roles import check_roles
from reassay.register.shortcomings import shortcomings

EntryT = TypeVar("EntryT", bound=Described)
MAX_GUESSES: Final = 200
"""Looking for near names among thousands is slow; so many suggestions are enough."""
_WORDS: Final[Mapping[str, str]] = {kind: in_words(kind) for kind in KINDS} | {SUBJECT: "mitigation"}
_UNUSABLE: Final = ("mitigation", "deployment", "commitment")
"""Kinds that are left out when a name leads nowhere. What happened or was found is kept for the names that are right."""


@dataclass(slots=True)
class _Search:
    """Ids by kind, those of broken objects included, and how many guesses were made."""

    usable: Mapping[str, Iterable[str]]
    broken: Mapping[str, frozenset[str]]
    guesses: int = field(default=0)

    def problem(self, kind: str, name: str) -> tuple[str, str, str] | None:
        """Code, message and remedy for a name that leads nowhere; None if it leads somewhere."""
        if name in self.usable[kind] or name in self.broken.get(kind, frozenset()):
            return None
        other = next((each for each in self.usable if name in self.usable[each]), None)
        if other is not None:
            message = f"{quoted(name)} is a {_WORDS[other]}, no {_WORDS[kind]}"
            return "ambiguous-reference", message, f"Name a {_WORDS[kind]} here, or declare one of that id."
        message = f"there is no {_WORDS[kind]} {quoted(name)}"
        return (
            "unknown-reference",
            message,
            self._guess(kind, name) or f"Declare the {_WORDS[kind]}, or delete the name.",
        )

    def _guess(self, kind: str, name: str) -> str:
        self.guesses += 1
        return did_you_mean(name, sorted(self.usable[kind])) if self.guesses <= MAX_GUESSES else ""


def check(register: Register) -> Register:
    """The register without objects whose references lead nowhere; `findings` are those of this check alone."""
    usable: dict[str, Iterable[str]] = {kind: register.objects(kind).keys() for kind in KINDS}
    usable[SUBJECT] = {*register.subjects, *register.renamed}
    broken = dict(register.broken)
    broken[SUBJECT] = broken.get("mitigation", frozenset()) | broken.get("commitment", frozenset())
    search = _Search(usable, broken)
    findings: list[Finding] = list(_former_ids(register))
    known = None if register.configuration_is_broken else register.configuration
    lost: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind in KINDS:
        for name, entry in register.objects(kind).items():
            wrong = [*_wrong(entry, search), *_items_twice(entry)]
            findings.extend(wrong)
            if kind in _UNUSABLE and _errors(wrong):
                lost[kind].add(name)
    for mitigation in register.mitigations.values():
        findings.extend(mitigation_advice(mitigation, known))
    roles = check_roles(register)
    checked = replace(
        register,
        mitigations=_without(register.mitigations, lost["mitigation"]),
        deployments=_without(register.deployments, lost["deployment"]),
        commitments=_without(register.commitments, lost["commitment"]),
        broken={kind: register.broken.get(kind, frozenset()) | lost[kind] for kind in KINDS},
        findings=(*findings, *roles),
        configuration_is_broken=register.configuration_is_broken or _errors(roles),
    )
    return replace(checked, findings=(*checked.findings, *orphan_findings(checked), *shortcomings(checked)))


def _without(entries: Mapping[str, Entry[EntryT]], lost: set[str]) -> Mapping[str, Entry[EntryT]]:
    return {name: entry for name, entry in entries.items() if name not in lost} if lost else entries


def _errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _wrong(entry: Entry[RegisterObject], search: _Search) -> Iterator[Finding]:
    seen: set[tuple[Location, str]] = set()
    for location, kind, name in mentions(entry.value):
        within = (location[:-1], name)
        if isinstance(location[-1], int) and within in seen:
            at = entry.origin.at(*location)
            yield Finding(
                at, "listed-twice", f"{quoted(name)} is listed twice", "Delete one of them.", Severity.WARNING
            )
            continue
        seen.add(within)
        problem = search.problem(kind, name)
        if problem is not None:
            yield Finding(entry.origin.at(*location), *problem)


def _items_twice(entry: Entry[RegisterObject]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, item in enumerate(entry.value.checklist if isinstance(entry.value, Assessable) else ()):
        if item.id in seen:
            message = f"the checklist has the item {quoted(item.id)} twice"
            at = entry.origin.at("checklist", index, "id")
            yield Finding(at, "colliding-id", message, "Give each item its own id.")
        seen.add(item.id)


def _former_ids(register: Register) -> Iterator[Finding]:
    """A renamed mitigation keeps its history: it cannot belong to two, nor to one that is there under both names."""
    claimed: dict[str, str] = {}
    for entry in register.mitigations.values():
        for index, former in enumerate(entry.value.formerly):
            at = entry.origin.at("formerly", index)
            if former in register.mitigations:
                message = f"{quoted(former)} is the id of a mitigation that is there, so it is no former id"
                yield Finding(at, "former-id-in-use", message, "Give that one an id of its own; ids are never reused.")
            elif former in claimed:
                message = f"{quoted(former)} is already a former id of {quoted(claimed[former])}"
                yield Finding(at, "former-id-twice", message, "Its history belongs to one of them: keep it there.")
            claimed.setdefault(former, entry.value.id)
