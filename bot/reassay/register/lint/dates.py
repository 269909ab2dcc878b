"""Findings that depend on the current date."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.register.finding import Finding, FindingSeverity
from reassay.register.lint.intervals import dated_interval_findings
from reassay.register.register import Register


def dated_findings(register: Register, today: date) -> Iterator[Finding]:
    """The findings about future assessments and incidents, intervals not in force, and what has expired."""
    yield from _expired(register, today)
    yield from _seen_ahead(register, today)
    yield from dated_interval_findings(register, today)
    for entry in register.subjects.values():
        stated = entry.value.last_assessed
        if stated is not None and stated > today:
            yield Finding(
                entry.origin.at("last_assessed"),
                "assessed-in-future",
                f"'last_assessed' of '{entry.value.id}' is {stated}, which is in the future",
                "Write the day of the last completed assessment, or delete the line.",
                FindingSeverity.WARNING,
            )


def _seen_ahead(register: Register, today: date) -> Iterator[Finding]:
    """Incidents that count only on a day to come. Tomorrow is today in some time zones."""
    for entry in register.incidents.values():
        seen = entry.value.first_seen_at.date()
        if seen > today + timedelta(days=1):
            message = (
                f"'first_seen_at' of '{entry.value.id}' is {seen}, which is in the future: nothing counts it until then"
            )
            remedy = "Write when it was first seen."
            yield Finding(entry.origin.at("first_seen_at"), "seen-in-future", message, remedy)


def _expired(register: Register, today: date) -> Iterator[Finding]:
    for acceptance in register.risk_acceptances.values():
        if acceptance.value.expires_at < today:
            message = f"the risk acceptance '{acceptance.value.id}' ended on {acceptance.value.expires_at}"
            remedy = "What it covered is due for re-assessment: decide that, or add a new risk acceptance."
            at = acceptance.origin.at("expires_at")
            yield Finding(at, "acceptance-expired", message, remedy, FindingSeverity.WARNING)
    for deployment in register.deployments.values():
        for index, change in enumerate(deployment.value.preauthorised_changes):
            if change.expires < today:
                message = f"a pre-authorised change of '{deployment.value.id}' expired on {change.expires}"
                at = deployment.origin.at("preauthorised_changes", index, "expires")
                yield Finding(at, "preauthorisation-expired", message, "Renew or delete it.", FindingSeverity.WARNING)
