"""Warnings about mitigations that no interval makes due: neither their own nor that of a commitment about them."""

from collections.abc import Iterable, Iterator
from datetime import date

from reassay.common.calendar import Duration
from reassay.common.sentences import names
from reassay.register.base import Status
from reassay.register.commitment import Commitment
from reassay.register.finding import Finding, FindingSeverity, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register, RegisterEntry
from reassay.register.selection import not_in_force, selects
from reassay.register.trigger_specs import AllSpec, AnySpec, AnyTrigger


def interval_findings(register: Register) -> Iterator[Finding]:
    """The warnings about mitigations for which nothing gives an interval, on any day."""
    for entry in without_interval(register):
        yield _finding(entry, "states no interval, so it never becomes due", *_in_part(entry.value, register))


def without_interval(register: Register) -> Iterator[RegisterEntry[Mitigation]]:
    """Mitigations that are not retired and for which neither they nor a commitment give an interval, on any day."""
    giving = [entry.value for entry in register.commitments.values() if gives_interval(entry.value.triggers)]
    for entry in _without_own(register):
        if not any(selects(commitment, entry.value, register) for commitment in giving):
            yield entry


def dated_interval_findings(register: Register, today: date) -> Iterator[Finding]:
    """The warnings about mitigations whose interval comes from commitments of which none is in force on a day."""
    giving = [entry.value for entry in register.commitments.values() if gives_interval(entry.value.triggers)]
    for entry in _without_own(register):
        theirs = [commitment for commitment in giving if selects(commitment, entry.value, register)]
        idle = [
            f"{quoted(commitment.id)} ({why})"
            for commitment in theirs
            if (why := not_in_force(commitment, register, today))
        ]
        if theirs and len(idle) == len(theirs):
            message = f"has no interval on {today}, so it does not become due: it only has that of {names(*idle)}"
            yield _finding(entry, message)


def gives_interval(triggers: Iterable[AnyTrigger]) -> bool:
    """Whether one of several triggers is an interval with a figure that needs nothing else to make something due."""
    return any(
        gives_interval(spec.of)
        if isinstance(spec, AnySpec)
        else not isinstance(spec, AllSpec) and isinstance(getattr(spec, "every", None), Duration)
        for spec in triggers
    )


def _without_own(register: Register) -> Iterator[RegisterEntry[Mitigation]]:
    """Mitigations that are not retired and state no interval with a figure themselves."""
    for entry in register.mitigations.values():
        own = entry.value.reassess.triggers if entry.value.reassess else ()
        if entry.value.status is not Status.RETIRED and entry.value.interval is None and not gives_interval(own):
            yield entry


def _in_part(mitigation: Mitigation, register: Register) -> Iterator[str]:
    """Commitments about a mitigation whose interval counts only together with something else, or has no figure."""
    for entry in register.commitments.values():
        if _names_interval(entry.value) and selects(entry.value, mitigation, register):
            yield f"{quoted(entry.value.id)} has one only together with another trigger, or without a figure"


def _names_interval(commitment: Commitment) -> bool:
    """Whether it has an interval anywhere in its triggers."""
    left = list(commitment.triggers)
    while left:
        spec = left.pop()
        if isinstance(spec, AnySpec | AllSpec):
            left.extend(spec.of)
        elif getattr(spec, "every", None) is not None:
            return True
    return False


def _finding(entry: RegisterEntry[Mitigation], message: str, *parts: str) -> Finding:
    mitigation = entry.value
    stated = ("reassess", "every") if mitigation.reassess and mitigation.reassess.every else ("every",)
    remedy = "Write for example 'every: 6 months'."
    if mitigation.every or (mitigation.reassess and mitigation.reassess.every):
        remedy = "Ask the people who made the commitment for a figure. Without one the state is unknown, never current."
    text = "; ".join((f"{quoted(mitigation.id)} {message}", *parts))
    return Finding(entry.origin.at(*stated), "no-interval", text, remedy, FindingSeverity.WARNING)
