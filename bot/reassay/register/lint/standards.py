"""Warnings about cited controls: a catalogue that is nearly a known one, and a control that a known one does not have."""

from collections.abc import Iterator

from reassay.register.catalogues import CATALOGUES, find_catalogue, nearest_catalogue
from reassay.register.finding import Finding, FindingSeverity, quoted
from reassay.register.mitigation import Standard
from reassay.register.register import Register


def standard_findings(register: Register) -> Iterator[Finding]:
    """A finding for each citation that nobody can look up. A catalogue that is like none of the known ones may be any."""
    for entry in register.mitigations.values():
        for index, standard in enumerate(entry.value.standards):
            for key, message, remedy in _problems(standard):
                at = entry.origin.at("standards", index, key)
                yield Finding(at, "unknown-control", message, remedy, FindingSeverity.WARNING)


def _problems(standard: Standard) -> Iterator[tuple[str, str, str]]:
    catalogue = find_catalogue(standard.catalogue)
    if catalogue is None:
        near = nearest_catalogue(standard.catalogue)
        if near is not None:
            listed = ", ".join(own.name for own in CATALOGUES)
            message = (
                f"{quoted(standard.catalogue)} is not a catalogue that reassay knows, so it cannot name gaps in it"
            )
            yield (
                "catalogue",
                message,
                f"Did you mean '{near.name}'? It knows {listed}; any other name is kept as it is.",
            )
    elif why := catalogue.why_not(standard.control):
        yield "control", f"{catalogue.title} has no control {quoted(standard.control)}", f"{why}."
