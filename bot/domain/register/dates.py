"""Findings that need to know what day it is."""

from collections.abc import Iterator
from datetime import date

from bot.domain.register.finding import Finding, Severity
from bot.domain.register.register import Register


def dated_findings(register: Register, today: date) -> Iterator[Finding]:
    """An assessment that is still to come is none: the mitigation reads unassessed until it was really assessed."""
    for entry in register.mitigations.values():
        stated = entry.value.last_assessed
        if stated is not None and stated > today:
            yield Finding(
                entry.origin.at("last_assessed"),
                "assessed-in-future",
                f"'last_assessed' of '{entry.value.id}' is {stated}, which is still to come",
                "Give the day of the last assessment that was finished, or remove the line.",
                Severity.WARNING,
            )
