"""What is declared and nothing works on: a threat model nobody mitigates, a deployment nothing protects."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from reassay.register.base import Status
from reassay.register.finding import Finding, Severity, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register


def orphan_findings(register: Register) -> Iterator[Finding]:
    """Active mitigations count. One that names no deployment serves them all; one that cannot be read may serve any."""
    if register.broken.get("mitigation"):
        return
    active = [entry.value for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE]
    against = {name for mitigation in active for name in mitigation.threat_models}
    for name, threat_model in register.threat_models.items():
        if name not in against:
            message = f"no active mitigation works against {quoted(name)}"
            remedy = "Name it under 'threat_models' of those that do, or write down that nothing does."
            yield Finding(threat_model.origin.at("id"), "unmitigated-threat", message, remedy, Severity.WARNING)
    yield from _uncovered(active, against, register)
    yield from _everywhere(active, register)
    if any(not mitigation.deployments for mitigation in active):
        return
    served = {name for mitigation in active for name in mitigation.deployments}
    for name, deployment in register.deployments.items():
        if name not in served:
            message = f"no active mitigation serves {quoted(name)}"
            remedy = "Name it under 'deployments' of those that do."
            yield Finding(deployment.origin.at("id"), "unserved-deployment", message, remedy, Severity.WARNING)


def _uncovered(active: Sequence[Mitigation], against: Collection[str], register: Register) -> Iterator[Finding]:
    """Deployments in which nothing works against a threat model that applies there, though elsewhere something does."""
    used = {name for each in active for name in each.deployments}
    by_threat: dict[str, list[Mitigation]] = defaultdict(list)
    for each in active:
        for name in set(each.threat_models):
            by_threat[name].append(each)
    for name, threat_model in register.threat_models.items():
        if name not in against:
            continue
        working = by_threat[name]
        served = {deployment for each in working for deployment in each.deployments}
        everywhere = any(not each.deployments for each in working)
        for deployment in threat_model.value.deployments or register.deployments:
            # One that nothing serves at all is said once, not for every threat model.
            known = deployment in register.deployments and deployment in used
            if known and deployment not in served and not everywhere:
                message = f"nothing active works against {quoted(name)} in {quoted(deployment)}"
                remedy = f"Add it to the 'deployments' of those that do, or say where {name} applies ('deployments:')."
                at = register.deployments[deployment].origin.at("id")
                yield Finding(at, "uncovered-threat", message, remedy, Severity.WARNING)


def _everywhere(active: Sequence[Mitigation], register: Register) -> Iterator[Finding]:
    """Mitigations that say nothing of the deployments there are: one clock for all of them."""
    for mitigation in active:
        if register.deployments and not mitigation.deployments:
            message = f"{quoted(mitigation.id)} names none of the {len(register.deployments)} deployments"
            remedy = "Name those it serves; until then one assessment stands for all, wherever it was made."
            at = register.mitigations[mitigation.id].origin.at("id")
            yield Finding(at, "serves-no-deployment", message, remedy, Severity.WARNING)
