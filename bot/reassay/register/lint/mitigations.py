"""Warnings about single mitigations: owners who assess themselves."""

from collections.abc import Iterator

from reassay.register.base import Status
from reassay.register.configuration import Configuration
from reassay.register.finding import Finding, FindingSeverity, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import RegisterEntry


def mitigation_findings(entry: RegisterEntry[Mitigation], configuration: Configuration | None) -> Iterator[Finding]:
    """The warnings about a mitigation that is not retired. Without a configuration people are not compared."""
    if entry.value.status is Status.RETIRED:
        return
    if configuration is not None:
        yield from _assesses_itself(entry, configuration)


def _assesses_itself(entry: RegisterEntry[Mitigation], configuration: Configuration) -> Iterator[Finding]:
    mitigation = entry.value
    owners = {person.casefold() for person in configuration.people(mitigation.owner)}
    given = "assessors" if mitigation.assessors else "assessor"
    assessing = {person.casefold() for role in mitigation.assessor_names for person in configuration.people(role)}
    remedy = "Name an assessor who is not the owner."
    if mitigation.owner.casefold() in {name.casefold() for name in mitigation.assessor_names}:
        message = f"{quoted(mitigation.owner)} owns {quoted(mitigation.id)} and assesses it: its record will say self-assessed"
        yield Finding(entry.origin.at(given), "self-assessed", message, remedy, FindingSeverity.WARNING)
    elif assessing and assessing <= owners:
        message = f"everyone who assesses {quoted(mitigation.id)} also owns it: its record will say self-assessed"
        yield Finding(entry.origin.at(given), "self-assessed", message, remedy, FindingSeverity.WARNING)
