"""Findings that need to know what day it is."""

from collections.abc import Iterator
from datetime import date

from reassay.register.finding import Finding, Severity
from reassay.register.register import Register


def dated_findings(register: Register, today: date) -> Iterator[Finding]:
    """An assessment still to come is none; what has expired no longer holds."""
    yield from _expired(register, today)
    for entry in register.subjects.values():
        stated = entry.value.last_assessed
        if stated is not None and stated > today:
            yield Finding(
                entry.origin.at("last_assessed"),
                "assessed-in-future",
                f"'last_assessed' of '{entry.value.id}' is {stated}, which is still to come",
                "Give the day of the last assessment that was finished, or remove the line.",
                Severity.WARNING,
            )


def _expired(register: Register, today: date) -> Iterator[Finding]:
    for acceptance in register.risk_acceptances.values():
        if acceptance.value.expires_at < today:
            message = f"the risk acceptance '{acceptance.value.id}' ended on {acceptance.value.expires_at}"
            remedy = (
                "What it covered is due for re-assessment; accept anew with another object, or let the record stand."
            )
            at = acceptance.origin.at("expires_at")
            yield Finding(at, "acceptance-expired", message, remedy, Severity.WARNING)
    for deployment in register.deployments.values():
        for index, change in enumerate(deployment.value.preauthorised_changes):
            if change.expires < today:
                message = f"the agreement to change {deployment.value.id} beforehand ended on {change.expires}"
                at = deployment.origin.at("preauthorised_changes", index, "expires")
                yield Finding(at, "preauthorisation-expired", message, "Renew or delete it.", Severity.WARNING)
