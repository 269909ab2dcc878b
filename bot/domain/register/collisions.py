"""Ids that are used twice, or that people will mistake for each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot.domain.register.deployment import Deployment
from bot.domain.register.finding import Finding, Position, Severity, quoted
from bot.domain.register.mitigation import Mitigation
from bot.domain.register.register import Entry, Register, RegisterObject
from bot.domain.register.threat_model import ThreatModel

ObjectT = TypeVar("ObjectT", Mitigation, Deployment, ThreatModel)


def collect(entries: Iterable[Entry[RegisterObject]]) -> tuple[Register, tuple[Finding, ...]]:
    """A register of these objects. Of several with one id the first by place is kept, and all are errors."""
    ordered = sorted(entries, key=lambda entry: entry.origin.at())
    mitigations, first = _of_kind(Mitigation, ordered)
    deployments, second = _of_kind(Deployment, ordered)
    threat_models, third = _of_kind(ThreatModel, ordered)
    register = Register(mitigations=mitigations, deployments=deployments, threat_models=threat_models)
    return register, (*first, *second, *third)


def _of_kind(
    kind: type[ObjectT], entries: Iterable[Entry[RegisterObject]]
) -> tuple[Mapping[str, Entry[ObjectT]], tuple[Finding, ...]]:
    by_id: dict[str, list[Entry[ObjectT]]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.value, kind):
            by_id[entry.value.id].append(Entry(entry.value, entry.origin, entry.written))
    findings = [finding for same in by_id.values() if len(same) > 1 for finding in _twice(same)]
    findings.extend(_alike({name: same[0].origin.at("id") for name, same in by_id.items()}))
    return {name: by_id[name][0] for name in sorted(by_id)}, tuple(findings)


def _twice(same: list[Entry[ObjectT]]) -> Iterable[Finding]:
    places = [entry.origin.at("id") for entry in same]
    for place, entry in zip(places, same, strict=True):
        other = places[0] if place != places[0] else places[1]
        message = f"the id {quoted(entry.value.id)} is used twice; the other is in {other.path}, line {other.line}"
        yield Finding(place, "colliding-id", message, "Give one of them another id; ids are never reused.")


def _alike(places: Mapping[str, Position]) -> Iterable[Finding]:
    spelt: dict[str, str] = {}
    for name in sorted(places, key=lambda each: places[each]):
        known = spelt.setdefault(name.replace("-", ""), name)
        if known != name:
            message = f"the ids {quoted(known)} and {quoted(name)} differ only in hyphens"
            yield Finding(places[name], "ids-alike", message, "Rename one of them.", Severity.WARNING)
