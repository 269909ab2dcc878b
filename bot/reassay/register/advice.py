"""Warnings about a single mitigation: allowed, but not as good as it looks."""

from collections.abc import Iterator

from reassay.register.base import Status
from reassay.register.configuration import Configuration
from reassay.register.finding import Finding, Severity, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Entry


def mitigation_advice(entry: Entry[Mitigation], configuration: Configuration | None) -> Iterator[Finding]:
    """Nothing is said of retired mitigations, and nothing about people without a configuration to know them by."""
    if entry.value.status is Status.RETIRED:
        return
    yield from _no_interval(entry)
    if configuration is not None:
        yield from _assesses_itself(entry, configuration)


def _no_interval(entry: Entry[Mitigation]) -> Iterator[Finding]:
    mitigation = entry.value
    if not mitigation.interval_is_unspecified:
        return
    stated = ("reassess", "every") if mitigation.reassess and mitigation.reassess.every else ("every",)
    message = f"{quoted(mitigation.id)} states no interval, so it never comes due by itself"
    remedy = "Write for example 'every: 6 months'."
    if mitigation.every or (mitigation.reassess and mitigation.reassess.every):
        remedy = "Get a figure from whoever promised it; without one it reads unknown once assessed, never current."
    yield Finding(entry.origin.at(*stated), "no-interval", message, remedy, Severity.WARNING)


def _assesses_itself(entry: Entry[Mitigation], configuration: Configuration) -> Iterator[Finding]:
    mitigation = entry.value
    owners = {person.casefold() for person in configuration.people(mitigation.owner)}
    given = "assessors" if mitigation.assessors else "assessor"
    assessing = {person.casefold() for role in mitigation.assessor_names for person in configuration.people(role)}
    remedy = "Name an assessor who does not own it."
    if mitigation.owner.casefold() in {name.casefold() for name in mitigation.assessor_names}:
        message = f"{quoted(mitigation.owner)} owns {quoted(mitigation.id)} and assesses it: its record will say self-assessed"
        yield Finding(entry.origin.at(given), "self-assessed", message, remedy, Severity.WARNING)
    elif assessing and assessing <= owners:
        message = f"nobody assesses {quoted(mitigation.id)} who does not also own it: its record will say self-assessed"
        yield Finding(entry.origin.at(given), "self-assessed", message, remedy, Severity.WARNING)
