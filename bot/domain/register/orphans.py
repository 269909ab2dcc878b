"""What is declared and nothing works on: a threat model nobody mitigates, a deployment nothing protects."""

from collections.abc import Iterator

from bot.domain.register.base import Status
from bot.domain.register.finding import Finding, Severity, quoted
from bot.domain.register.register import Register


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
    if any(not mitigation.deployments for mitigation in active):
        return
    served = {name for mitigation in active for name in mitigation.deployments}
    for name, deployment in register.deployments.items():
        if name not in served:
            message = f"no active mitigation serves {quoted(name)}"
            remedy = "Name it under 'deployments' of those that do."
            yield Finding(deployment.origin.at("id"), "unserved-deployment", message, remedy, Severity.WARNING)
