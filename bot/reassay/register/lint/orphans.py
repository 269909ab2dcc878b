"""Warnings about threat models and deployments without an active mitigation."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from reassay.register.base import Status
from reassay.register.finding import Finding, FindingSeverity, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register


def orphan_findings(register: Register) -> Iterator[Finding]:
    """The warnings; none if a mitigation cannot be read. One that names no deployment serves all."""
    if register.broken.get("mitigation"):
        return
    active = [entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE]
    against = {name for mitigation in active for name in mitigation.threat_models}
    for name, threat_model in register.threat_models.items():
        if name not in against:
            message = f"no active mitigation works against {quoted(name)}"
            remedy = "Name it under 'threat_models' of those that do, or write down that nothing does."
            yield Finding(threat_model.origin.at("id"), "unmitigated-threat", message, remedy, FindingSeverity.WARNING)
    yield from _uncovered(active, against, register)
    yield from _everywhere(active, register)
    if any(not mitigation.deployments and not mitigation.serves for mitigation in active):
        return
    served = {name for mitigation in active for name in mitigation.deployments}
    for name, deployment in register.deployments.items():
        if name not in served:
            message = f"no active mitigation serves {quoted(name)}"
            remedy = "Name it under 'deployments' of those that do."
            yield Finding(deployment.origin.at("id"), "unserved-deployment", message, remedy, FindingSeverity.WARNING)


def _uncovered(active: Sequence[Mitigation], against: Collection[str], register: Register) -> Iterator[Finding]:
    """Deployments without a mitigation against a threat model that is mitigated in others."""
    used = {name for mitigation in active for name in mitigation.deployments}
    by_threat: dict[str, list[Mitigation]] = defaultdict(list)
    for mitigation in active:
        for name in set(mitigation.threat_models):
            by_threat[name].append(mitigation)
    for name, threat_model in register.threat_models.items():
        if name not in against:
            continue
        working = by_threat[name]
        served = {deployment for mitigation in working for deployment in mitigation.deployments}
        everywhere = any(not mitigation.deployments and not mitigation.serves for mitigation in working)
        if not served and not everywhere and not threat_model.value.deployments:
            continue  # all that works against it protects where weights are held, and it names no deployment
        for deployment in threat_model.value.deployments or register.deployments:
            # A deployment without any mitigation has one finding, not one for each threat model.
            is_served = deployment in register.deployments and deployment in used
            if is_served and deployment not in served and not everywhere:
                message = f"nothing active works against {quoted(name)} in {quoted(deployment)}"
                remedy = f"Add it to the 'deployments' of those that do, or say where {name} applies ('deployments:')."
                at = register.deployments[deployment].origin.at("id")
                yield Finding(at, "uncovered-threat", message, remedy, FindingSeverity.WARNING)


def _everywhere(active: Sequence[Mitigation], register: Register) -> Iterator[Finding]:
    """Mitigations that name no deployment although some are declared, so that all share one clock."""
    for mitigation in active:
        if register.deployments and not mitigation.deployments and not mitigation.serves:
            message = f"{quoted(mitigation.id)} names none of the {len(register.deployments)} deployments"
            remedy = (
                "Name those it serves; until then one assessment counts for all of them. If it protects where weights are held,"
                " write 'serves: weights'."
            )
            at = register.mitigations[mitigation.id].origin.at("id")
            yield Finding(at, "serves-no-deployment", message, remedy, FindingSeverity.WARNING)
