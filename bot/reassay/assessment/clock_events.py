"""Events that start the deadlines of a commitment: incidents, news, asserted conditions and changes, with their dates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reassay.assessment.triggers import incident_severity, invalidation_condition, new_information
from reassay.assessment.triggers.base import Fired, Result, TriggerInput
from reassay.common.canonical import canonical, digest
from reassay.ledger.entry import Joined
from reassay.ledger.risks import Asserted
from reassay.register import incident as incidents
from reassay.register import information
from reassay.register.anchors import ANCHORS, HAPPENED, StatedSchedule
from reassay.register.base import Depth
from reassay.register.finding import Position
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.lint.deadlines import CHANGES, OF_AN_ASSERTION
from reassay.register.trigger_specs import (
    AllSpec,
    AnySpec,
    AnyTrigger,
    IncidentSeveritySpec,
    InvalidationConditionSpec,
    NewInformationSpec,
)


@dataclass(frozen=True)
class ClockEvent:
    """One event, with the dates of the anchors that it has."""

    kind: str
    """The kind of the trigger whose event it is."""
    key: str
    """Its name in the ledger: the id of an incident or item, or a digest."""
    words: str
    """Its name for people."""
    earliest: datetime
    """The earliest instant at which an anchor without a date can have been."""
    depth: Depth | None = None
    """The depth of its trigger."""
    cause: str = ""
    """Its name in the records of its trigger: a root cause, or the same as `key`."""
    source: Incident | InformationItem | None = None
    """The incident or item that it is, of the register or of a source; None for an assertion or a change."""
    place: Position | None = None
    """The place of that object; None for one that a source gave."""
    dates: Mapping[str, datetime] = field(default_factory=dict)
    """Dates by anchor, of an event that is not an object of the register."""

    def at(self, anchor: str) -> datetime | None:
        """The date of an anchor; None if it has none."""
        return self.source.anchor(anchor) if self.source else self.dates.get(anchor)

    def lacks(self, anchor: str) -> str:
        """The missing date of an anchor that lies behind this event, with its place; empty for one that may still come."""
        if not isinstance(self.source, Incident) or anchor not in HAPPENED or self.at(anchor) is not None:
            return ""
        where = f" ({self.place.path}:{self.place.line})" if self.place else ""
        return f"{self.words} has no '{incidents.FIELDS[anchor]}'{where}"

    def not_yet(self, anchor: str) -> str:
        """Says that the event of an anchor has not happened, and where its date is written once it has."""
        happening = ANCHORS.get(anchor, f"'{anchor}' happened")
        if self.source is None:
            return f"nothing says that {happening}"
        fields = incidents.FIELDS if isinstance(self.source, Incident) else information.FIELDS
        name = f"'{fields[anchor]}'" if anchor in fields else f"date of '{anchor}' under 'dates'"
        return f"nothing says that {happening} ({self.words} has no {name})"

    @property
    def circumstances(self) -> tuple[str, ...]:
        """The circumstances of an incident."""
        return self.source.circumstances if isinstance(self.source, Incident) else ()

    @property
    def schedules(self) -> tuple[StatedSchedule, ...]:
        """Other schedules for deadlines, as stated."""
        return self.source.schedules if self.source else ()


def events_of(spec: AnyTrigger, result: Result, prefix: str, facts: TriggerInput) -> Iterator[ClockEvent]:
    """The events of one trigger of a commitment, settled ones included, as their later clocks still run.

    `result` is that of the trigger today, `prefix` the beginning of `about` in its records.
    """
    if isinstance(spec, AllSpec):
        if isinstance(result, Fired):
            for member in spec.of:
                yield from events_of(member, result, prefix, facts)
    elif isinstance(spec, AnySpec):
        for member in spec.of:
            yield from events_of(member, result, prefix, facts)
    elif isinstance(spec, IncidentSeveritySpec):
        yield from (_incident(each, spec, facts) for each in incident_severity.severe(spec, facts))
    elif isinstance(spec, NewInformationSpec):
        yield from (_item(each, spec, facts) for each in new_information.material(spec, facts))
    elif isinstance(spec, InvalidationConditionSpec):
        yield from _assertions(spec, facts)
    elif spec.kind in CHANGES:
        yield from _changes(spec, result, prefix, facts)


def _incident(incident: Incident, spec: IncidentSeveritySpec, facts: TriggerInput) -> ClockEvent:
    # One that a source gave has no place in the register until somebody writes it there.
    entry = facts.register.incidents.get(incident.id)
    return ClockEvent(
        spec.kind, incident.id, f"'{incident.id}'", incident.first_seen_at, spec.depth,
        incident.root_cause or incident.id, incident, entry.origin.at() if entry else None,
    )  # fmt: skip


def _item(item: InformationItem, spec: NewInformationSpec, facts: TriggerInput) -> ClockEvent:
    entry = facts.register.information_items.get(item.id)
    return ClockEvent(
        spec.kind, item.id, f"'{item.id}'", item.known_at, spec.depth, item.id, item,
        entry.origin.at() if entry else None,
    )  # fmt: skip


def _assertions(spec: InvalidationConditionSpec, facts: TriggerInput) -> Iterator[ClockEvent]:
    """Every assertion of the condition, at the instant of its record."""
    name = invalidation_condition.condition_digest(spec.condition)
    seqs = {seq for seq, body in facts.register_index.asserted.get(facts.subject.id, ()) if body.condition == name}
    for record, _ in facts.register_index.history.records_of(Asserted) if seqs else ():
        if record.seq in seqs:
            yield ClockEvent(
                spec.kind, f"entry-{record.seq}", f"what entry {record.seq} asserts", record.at, spec.depth, name[-12:],
                dates=dict.fromkeys(OF_AN_ASSERTION, record.at),
            )  # fmt: skip


def _changes(spec: AnyTrigger, result: Result, prefix: str, facts: TriggerInput) -> Iterator[ClockEvent]:
    """The change that has fired now, from when a sweep recorded it; and those recorded before, as chains follow them."""
    kind = result.kind if result.kind == "all" else spec.kind
    recorded = _recorded(kind, facts)
    seen = {about: at for at, about in recorded if about == prefix or about.startswith(f"{prefix} ")}
    if isinstance(result, Fired):
        seen.setdefault(result.about, facts.now)
    for about, at in seen.items():
        key = f"{spec.kind}-{digest(canonical(about))[-12:]}"
        yield ClockEvent(spec.kind, key, f"the {spec.kind}", at, spec.depth, about, dates={"changed": at})


def _recorded(kind: str, facts: TriggerInput) -> Iterator[tuple[datetime, str]]:
    """When each trigger of a kind was recorded for the cell, with its `about`, in order of the ledger."""
    for reassessment in facts.register_index.history_index.of_subject(facts.subject.id):
        opened = ((reassessment.opened_at, trigger) for trigger in reassessment.opened.triggers)
        joined = ((record.at, trigger) for record, body in reassessment.records_of(Joined) for trigger in body.triggers)
        for at, trigger in (*opened, *joined):
            if trigger.kind == kind and facts.cell in trigger.cells:
                yield at, trigger.about


def unique(events: Iterable[ClockEvent]) -> tuple[ClockEvent, ...]:
    """The events without those that a second trigger finds again; the deepest depth counts."""
    by_key: dict[str, ClockEvent] = {}
    for event in events:
        if event.key not in by_key or event.depth is Depth.FULL:
            by_key[event.key] = event
    return tuple(by_key.values())
