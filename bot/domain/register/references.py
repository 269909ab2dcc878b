"""What objects say about each other: every name must lead somewhere, and to one thing only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.domain.register.advice import mitigation_advice
from bot.domain.register.deployment import Deployment
from bot.domain.register.finding import Finding, Location, Severity, did_you_mean, quoted
from bot.domain.register.mitigation import Mitigation
from bot.domain.register.orphans import orphan_findings
from bot.domain.register.register import KINDS, Entry, Register, in_words
from bot.domain.register.renames import former_id_findings
from bot.domain.register.roles import check_roles

MAX_GUESSES: Final = 200
"""Looking for near names among thousands is slow; so many suggestions are enough."""
_WORDS: Final[Mapping[str, str]] = {kind: in_words(kind) for kind in KINDS}


@dataclass(slots=True)
class _Search:
    """Ids by kind, those of broken objects included, and how many guesses were made."""

    usable: Mapping[str, frozenset[str]]
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
    usable = {
        "mitigation": frozenset(register.mitigations),
        "deployment": frozenset(register.deployments),
        "threat-model": frozenset(register.threat_models),
    }
    search = _Search(usable, register.broken)
    findings: list[Finding] = list(former_id_findings(register))
    known = None if register.configuration_is_broken else register.configuration
    mitigations = {}
    for name, entry in register.mitigations.items():
        wrong = list(_mitigation(entry, search))
        findings.extend((*wrong, *mitigation_advice(entry, known)))
        if not _errors(wrong):
            mitigations[name] = entry
    deployments = {}
    for name, deployment in register.deployments.items():
        wrong = list(_deployment(deployment, search))
        findings.extend(wrong)
        if not _errors(wrong):
            deployments[name] = deployment
    roles = check_roles(register)
    lost = {
        "mitigation": register.mitigations.keys() - mitigations,
        "deployment": register.deployments.keys() - deployments,
    }
    checked = replace(
        register,
        mitigations=mitigations,
        deployments=deployments,
        broken={kind: frozenset({*names, *lost.get(kind, ())}) for kind, names in _with_all(register.broken).items()},
        findings=(*findings, *roles),
        configuration_is_broken=register.configuration_is_broken or _errors(roles),
    )
    return replace(checked, findings=(*checked.findings, *orphan_findings(checked)))


def _with_all(broken: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    return {kind: broken.get(kind, frozenset()) for kind in _WORDS}


def _errors(findings: "list[Finding] | tuple[Finding, ...]") -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _mitigation(entry: Entry[Mitigation], search: _Search) -> Iterator[Finding]:
    value = entry.value
    yield from _names(entry, "deployment", "deployments", value.deployments, search)
    yield from _names(entry, "threat-model", "threat_models", value.threat_models, search)
    seen: set[str] = set()
    for index, item in enumerate(value.checklist):
        if item.id in seen:
            message = f"the checklist has the item {quoted(item.id)} twice"
            at = entry.origin.at("checklist", index, "id")
            yield Finding(at, "colliding-id", message, "Give each item its own id.")
        seen.add(item.id)


def _deployment(entry: Entry[Deployment], search: _Search) -> Iterator[Finding]:
    for index, exemption in enumerate(entry.value.safeguard_exemptions):
        location = ("safeguard_exemptions", index, "safeguard")
        yield from _name(entry, location, "mitigation", exemption.safeguard, search)


def _names(entry: Entry[Mitigation], kind: str, key: str, names: tuple[str, ...], search: _Search) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"{quoted(name)} is listed twice"
            at = entry.origin.at(key, index)
            yield Finding(at, "listed-twice", message, "Delete one of them.", Severity.WARNING)
        else:
            yield from _name(entry, (key, index), kind, name, search)


def _name(
    entry: Entry[Mitigation] | Entry[Deployment], location: Location, kind: str, name: str, search: _Search
) -> Iterator[Finding]:
    problem = search.problem(kind, name)
    if problem is not None:
        yield Finding(entry.origin.at(*location), *problem)
