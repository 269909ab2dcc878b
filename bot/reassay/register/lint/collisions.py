"""The register of all objects, with findings about ids that are used twice or are easily confused."""

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
from reassay.register.finding import Finding, FindingSeverity, Origin, quoted
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Register, RegisterEntry, RegisterObject
from reassay.register.threat_model import ThreatModel

ObjectT = TypeVar("ObjectT", bound=Described)


def collect(entries: Iterable[RegisterEntry[RegisterObject]]) -> tuple[Register, tuple[Finding, ...]]:
    """The register of some objects. Of several with one id it keeps the first by place; all of them are errors."""
    ordered = sorted(entries, key=lambda entry: (entry.origin.path, entry.origin.index))
    of_type: dict[type[Described], list[RegisterEntry[RegisterObject]]] = defaultdict(list)
    for entry in ordered:
        of_type[type(entry.value)].append(entry)
    findings: list[Finding] = []

    def of(kind: type[ObjectT]) -> Mapping[str, RegisterEntry[ObjectT]]:
        by_id, wrong = _of_kind(kind, of_type[kind])
        findings.extend(wrong)
        return by_id

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


def _shared(mitigation: RegisterEntry[Mitigation], commitment: RegisterEntry[Commitment]) -> Finding:
    """A commitment and a mitigation with one id: records name subjects by id alone."""
    other = mitigation.origin.at("id")
    name = quoted(commitment.value.id)
    message = f"{name} is also the id of a mitigation, in {other.path}, line {other.line}"
    remedy = "Give the commitment another id: records name mitigations and commitments by id alone."
    return Finding(commitment.origin.at("id"), "colliding-id", message, remedy)


def _of_kind(
    kind: type[ObjectT], entries: Iterable[RegisterEntry[RegisterObject]]
) -> tuple[Mapping[str, RegisterEntry[ObjectT]], tuple[Finding, ...]]:
    by_id: dict[str, list[RegisterEntry[ObjectT]]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.value, kind):
            by_id[entry.value.id].append(entry)  # type: ignore[arg-type] # isinstance narrows the value, not the entry
    findings = [finding for same in by_id.values() if len(same) > 1 for finding in _twice(same)]
    findings.extend(_alike({name: same[0].origin for name, same in by_id.items()}))
    return {name: by_id[name][0] for name in sorted(by_id)}, tuple(findings)


def _twice(same: list[RegisterEntry[ObjectT]]) -> Iterable[Finding]:
    places = [entry.origin.at("id") for entry in same]
    for place, entry in zip(places, same, strict=True):
        other = places[0] if place != places[0] else places[1]
        message = f"the id {quoted(entry.value.id)} is used twice; the other is in {other.path}, line {other.line}"
        yield Finding(place, "colliding-id", message, "Give one of them another id; ids are never reused.")


def _alike(origins: Mapping[str, Origin]) -> Iterable[Finding]:
    spelt: dict[str, str] = {}
    for name in sorted(origins, key=lambda name: (origins[name].path, origins[name].index)):
        first = spelt.setdefault(name.replace("-", ""), name)
        if first != name:
            message = f"the ids {quoted(first)} and {quoted(name)} differ only in hyphens"
            yield Finding(origins[name].at("id"), "ids-alike", message, "Rename one of them.", FindingSeverity.WARNING)
