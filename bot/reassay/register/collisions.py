"""Ids that are used twice, or that people will mistake for each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Described
from reassay.register.commitment import Commitment
from reassay.register.delegation import Delegation
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.finding import Finding, Origin, Severity, quoted
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Entry, Register, RegisterObject
from reassay.register.threat_model import ThreatModel

ObjectT = TypeVar("ObjectT", bound=Described)


def collect(entries: Iterable[Entry[RegisterObject]]) -> tuple[Register, tuple[Finding, ...]]:
    """A register of these objects. Of several with one id the first by place is kept, and all are errors."""
    ordered = sorted(entries, key=lambda entry: (entry.origin.path, entry.origin.index))
    of_type: dict[type[Described], list[Entry[RegisterObject]]] = defaultdict(list)
    for entry in ordered:
        of_type[type(entry.value)].append(entry)
    findings: list[Finding] = []

    def of(kind: type[ObjectT]) -> Mapping[str, Entry[ObjectT]]:
        found, wrong = _of_kind(kind, of_type[kind])
        findings.extend(wrong)
        return found

    register = Register(
        mitigations=of(Mitigation),
        deployments=of(Deployment),
        threat_models=of(ThreatModel),
        models=of(Model),
        commitments=of(Commitment),
        incidents=of(Incident),
        information_items=of(InformationItem),
        risk_acceptances=of(RiskAcceptance),
        evidence_items=of(EvidenceItem),
        delegations=of(Delegation),
        past_assessments=of(PastAssessment),
    )
    shared = {name: register.commitments[name] for name in register.commitments if name in register.mitigations}
    findings.extend(_shared(register.mitigations[name], entry) for name, entry in shared.items())
    kept = {name: entry for name, entry in register.commitments.items() if name not in shared}
    broken = {"commitment": frozenset(shared)} if shared else {}
    return replace(register, commitments=kept, broken=broken), tuple(findings)


def _shared(mitigation: Entry[Mitigation], commitment: Entry[Commitment]) -> Finding:
    """Both are what re-assessments are about, and a record names them by id alone."""
    other = mitigation.origin.at("id")
    name = quoted(commitment.value.id)
    message = f"{name} is the id of a mitigation, too, in {other.path}, line {other.line}"
    remedy = "Give the commitment another id: records of re-assessments name either by id alone."
    return Finding(commitment.origin.at("id"), "colliding-id", message, remedy)


def _of_kind(
    kind: type[ObjectT], entries: Iterable[Entry[RegisterObject]]
) -> tuple[Mapping[str, Entry[ObjectT]], tuple[Finding, ...]]:
    by_id: dict[str, list[Entry[ObjectT]]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.value, kind):
            by_id[entry.value.id].append(entry)  # type: ignore[arg-type] # isinstance narrows the value, not the entry
    findings = [finding for same in by_id.values() if len(same) > 1 for finding in _twice(same)]
    findings.extend(_alike({name: same[0].origin for name, same in by_id.items()}))
    return {name: by_id[name][0] for name in sorted(by_id)}, tuple(findings)


def _twice(same: list[Entry[ObjectT]]) -> Iterable[Finding]:
    places = [entry.origin.at("id") for entry in same]
    for place, entry in zip(places, same, strict=True):
        other = places[0] if place != places[0] else places[1]
        message = f"the id {quoted(entry.value.id)} is used twice; the other is in {other.path}, line {other.line}"
        yield Finding(place, "colliding-id", message, "Give one of them another id; ids are never reused.")


def _alike(origins: Mapping[str, Origin]) -> Iterable[Finding]:
    spelt: dict[str, str] = {}
    for name in sorted(origins, key=lambda each: (origins[each].path, origins[each].index)):
        known = spelt.setdefault(name.replace("-", ""), name)
        if known != name:
            message = f"the ids {quoted(known)} and {quoted(name)} differ only in hyphens"
            yield Finding(origins[name].at("id"), "ids-alike", message, "Rename one of them.", Severity.WARNING)
