"""Errors about deadlines that never run, and about dates, circumstances and schedules of events that no deadline reads."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from reassay.common.calendar import Duration
from reassay.register import incident, information
from reassay.register.anchors import ANCHORS
from reassay.register.commitment import Commitment
from reassay.register.deadlines import Deadline
from reassay.register.finding import Finding, Location, did_you_mean, quoted
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.register import Register, RegisterEntry
from reassay.register.trigger_specs import IncidentSeveritySpec, flat_triggers

ANY_ANCHOR: Final = frozenset({"incident-severity", "new-information"})
"""Kinds of triggers whose events have dates of their own, and so start a deadline of every anchor."""
OF_AN_ASSERTION: Final = frozenset(
    {"changed", "learned", "aware", "discovered", "first-seen", "determined", "confirmed"}
)
"""Anchors that the assertion of a condition starts, with the instant of its record."""
OF_A_CHANGE: Final = frozenset({"changed"})
"""Anchors that a change of a model, a deployment or the subject starts, when a sweep first sees it."""
CHANGES: Final = frozenset(
    {"model-change", "deployment-change", "mitigation-change", "metric-ratio", "metric-increase", "metric-threshold"}
)
"""Kinds of triggers that are changes of what is re-assessed."""
_EXAMPLE: Final = "Add a trigger whose event starts it, for example '{kind: incident-severity, at_least: critical}'."


def runs(kind: str, anchor: str) -> bool:
    """Whether an event of a kind of trigger starts the clock of an anchor."""
    if kind in ANY_ANCHOR:
        return True
    if kind == "invalidation-condition":
        return anchor in OF_AN_ASSERTION
    return kind in CHANGES and anchor in OF_A_CHANGE


def deadline_findings(entry: RegisterEntry[Commitment]) -> Iterator[Finding]:
    """The errors of the deadlines of a commitment."""
    commitment = entry.value
    known = {*ANCHORS, *(anchor.id for anchor in commitment.anchors)}
    ids = Counter((deadline.id, deadline.circumstance) for deadline in commitment.deadlines)
    follows = {deadline.id: deadline.after for deadline in reversed(commitment.deadlines)}
    for index, anchor in enumerate(commitment.anchors):
        if anchor.id in ANCHORS:
            message = f"{quoted(anchor.id)} is one of the usual anchors"
            yield Finding(entry.origin.at("anchors", index, "id"), "colliding-id", message, "Delete the definition.")
    for index, deadline in enumerate(commitment.deadlines):
        if deadline.id and (ids[deadline.id, deadline.circumstance] > 1 or follows[deadline.id] != deadline.after):
            message = f"two deadlines have the id {quoted(deadline.id)}"
            remedy = (
                "Give each its own id. Alternatives of one duty may share an id if each has another 'circumstance'."
            )
            yield Finding(entry.origin.at("deadlines", index, "id"), "colliding-id", message, remedy)
        yield from _never_runs(deadline, index, entry, known)


def _never_runs(
    deadline: Deadline, index: int, entry: RegisterEntry[Commitment], anchors: Collection[str]
) -> Iterator[Finding]:
    commitment = entry.value
    triggers = tuple(flat_triggers(commitment.triggers))
    for location, name in _anchors_of(deadline):
        at = entry.origin.at("deadlines", index, *location)
        if name not in anchors:
            remedy = did_you_mean(name, sorted(anchors)) or f"Write one of {', '.join(ANCHORS)}."
            remedy = f"{remedy} An anchor of its own is defined under 'anchors'."
            yield Finding(at, "unknown-anchor", f"{quoted(name)} is not an anchor, so this never runs", remedy)
        elif not any(runs(spec.kind, name) for spec in triggers):
            message = f"no trigger of {quoted(commitment.id)} starts the clock {quoted(name)}, so this never runs"
            yield Finding(at, "deadline-never-runs", message, _EXAMPLE)
    if deadline.circumstance and not any(isinstance(spec, IncidentSeveritySpec) for spec in triggers):
        at = entry.origin.at("deadlines", index, "circumstance")
        message = f"only incidents have circumstances, and no trigger of {quoted(commitment.id)} is about incidents"
        yield Finding(at, "deadline-never-runs", f"{message}, so this never runs", _EXAMPLE)
    if deadline.after is not None and (problem := _chain(deadline, commitment)):
        yield Finding(entry.origin.at("deadlines", index, "after"), "deadline-never-runs", *problem)


def _anchors_of(deadline: Deadline) -> Iterator[tuple[Location, str]]:
    if deadline.anchor:
        yield ("anchor",), deadline.anchor
    yield from ((("earliest_of", index), name) for index, name in enumerate(deadline.earliest_of))
    if deadline.until:
        yield ("until",), deadline.until


def _chain(deadline: Deadline, commitment: Commitment) -> tuple[str, str] | None:
    """Message and remedy of a chain of deadlines that never starts; None if it does."""
    by_id = {each.id: each for each in commitment.deadlines if each.id}
    seen: set[str] = set()
    name = deadline.after
    while name is not None:
        if name not in by_id:
            guess = did_you_mean(name, sorted(by_id)) or "Write the 'id' of another deadline of this commitment."
            return f"there is no deadline {quoted(name)}, so this never runs", guess
        if name in seen:
            return "each of these deadlines waits for the other, so none runs", "Give one of them an 'anchor'."
        seen.add(name)
        name = by_id[name].after
    return None


def retention_findings(register: Register) -> Iterator[Finding]:
    """Errors about sealed evidence that is kept for a shorter time than a commitment that it is about promises."""
    promised = {
        name: [deadline for deadline in entry.value.deadlines if deadline.retain]
        for name, entry in register.commitments.items()
    }
    for item in register.evidence_items.values():
        sealed = item.value.sealed
        for name in item.value.mitigations if sealed else ():
            for deadline in promised.get(name, ()):
                least = (deadline.retain or Duration()).after(item.value.performed_at)
                if sealed and sealed.retention_until < least:
                    at = item.origin.at("sealed", "retention_until")
                    message = f"it is kept until {sealed.retention_until}, and {quoted(name)} promises at least {least}"
                    yield Finding(at, "kept-too-short", message, f"Keep it longer, and write {least} or a later day.")


def event_findings(register: Register) -> Iterator[Finding]:
    """The errors of the dates, circumstances and schedules of incidents and information items that no deadline reads."""
    commitments = [entry.value for entry in register.commitments.values()]
    if register.broken.get("commitment"):
        # What a commitment that cannot be read counts from is not known.
        return
    names = {*ANCHORS, *(anchor.id for commitment in commitments for anchor in commitment.anchors)}
    deadlines = {each.id: each for commitment in commitments for each in commitment.deadlines if each.id}
    circumstances = {each.circumstance for own in commitments for each in own.deadlines if each.circumstance}
    for entry in register.incidents.values():
        yield from _dates(entry, incident.FIELDS, {*names, *deadlines})
        yield from _schedules(entry, deadlines)
        yield from _circumstances(entry, circumstances)
    for item in register.information_items.values():
        yield from _dates(item, information.FIELDS, {*names, *deadlines})
        yield from _schedules(item, deadlines)


def _dates(
    entry: RegisterEntry[Incident] | RegisterEntry[InformationItem], fields: Mapping[str, str], names: Iterable[str]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, written in enumerate(entry.value.dates):
        at, name = entry.origin.at("dates", index, "anchor"), written.anchor
        if name in fields:
            message = f"the date of {quoted(name)} has a field of its own"
            yield Finding(at, "unknown-anchor", message, f"Write '{fields[name]}:'.")
        elif name in seen:
            yield Finding(at, "listed-twice", f"{quoted(name)} has two dates", "Keep the right one.")
        elif name not in names:
            remedy = (
                did_you_mean(name, sorted(names)) or "Define it under 'anchors' of the commitment that counts from it."
            )
            yield Finding(at, "unknown-anchor", f"no deadline counts from {quoted(name)}", remedy)
        seen.add(name)


def _circumstances(entry: RegisterEntry[Incident], names: Iterable[str]) -> Iterator[Finding]:
    for index, name in enumerate(entry.value.circumstances):
        if name not in names:
            at = entry.origin.at("circumstances", index)
            remedy = (
                did_you_mean(name, sorted(names)) or "Name the 'circumstance' of a deadline, or write it in 'account'."
            )
            yield Finding(at, "unknown-circumstance", f"no deadline depends on {quoted(name)}", remedy)


def _schedules(
    entry: RegisterEntry[Incident] | RegisterEntry[InformationItem], deadlines: Mapping[str, Deadline]
) -> Iterator[Finding]:
    for index, schedule in enumerate(entry.value.schedules):
        at, deadline = entry.origin.at("schedules", index, "deadline"), deadlines.get(schedule.deadline)
        if deadline is None:
            guess = did_you_mean(schedule.deadline, sorted(deadlines)) or "Name the 'id' of a deadline."
            yield Finding(at, "unknown-reference", f"there is no deadline {quoted(schedule.deadline)}", guess)
        elif not deadline.or_as_stated:
            message = f"the deadline {quoted(schedule.deadline)} permits no other schedule, so this has no effect"
            remedy = "If the source permits one, write 'or_as_stated: true' at the deadline; otherwise delete this."
            yield Finding(at, "no-other-schedule", message, remedy)
