"""`repository_dispatch` events: a pipeline sends its incidents, information or counts itself.

The payload is `{"source": "the-id", "items": [{"key": "...", ...}]}`. Its items have the fields of a file's rows; an empty list
is a heartbeat. GitHub takes at most 65,535 characters of it.
https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from reassay.ledger.signals import DayCount
from reassay.register.signal_sources import FIELDS_OF, DispatchSource
from reassay.signals.source_readings import ReceivedEvent, Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources.field_values import shown
from reassay.signals.sources.register_ids import checked_ids
from reassay.signals.sources.rows import Row, listed_problems, read_rows

_KEYS: Final = frozenset({"source", "items"})


def _read(spec: DispatchSource, context: SourceContext) -> SourceReading:
    signals: list[Signal] = []
    counts: dict[tuple[object, str | None], DayCount] = {}
    problems: list[str] = []
    understood = []
    for event in sorted(context.events, key=lambda event: event.received_at):
        items = _items(spec, event, problems)
        if items is None:
            continue
        understood.append(event.received_at)
        rows = [Row(f"Item {number}", item) for number, item in enumerate(items, start=1)]
        reading = read_rows(rows, spec.gives, {}, context.now)
        signals += [
            replace(signal, first_seen_at=signal.first_seen_at or event.received_at) for signal in reading.signals
        ]
        # Of two counts of a day the later one corrects the earlier.
        counts.update({(count.day, count.deployment): count for count in reading.counts})
        problems += [f"Event of {event.received_at:%Y-%m-%dT%H:%MZ}: {problem}" for problem in reading.problems]
    reading = SourceReading(
        signals=_latest(signals),
        counts=tuple(counts[place] for place in sorted(counts, key=str)),
        newest=max(understood, default=None),
        problems=listed_problems(problems),
    )
    return checked_ids(reading, spec, context.register)


def _latest(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """The signals by key; what a later event says of one replaces what an earlier one said."""
    return tuple({signal.key: signal for signal in signals}.values())


def _items(spec: DispatchSource, event: ReceivedEvent, problems: list[str]) -> list[Mapping[str, object]] | None:
    """The items of an event; None if they cannot be understood, which is a problem."""
    place = f"Event of {event.received_at:%Y-%m-%dT%H:%MZ}"
    payload = event.payload.get("client_payload", event.payload)
    items = payload.get("items") if isinstance(payload, Mapping) else None
    if not isinstance(payload, Mapping) or not isinstance(items, list):
        problems.append(f'{place}: its payload has no list \'items\'; send {{"source": "{spec.id}", "items": [...]}}.')
        return None
    if payload.get("source") != spec.id:
        problems.append(f"{place}: its 'source' is {shown(payload.get('source'))}, not '{spec.id}'.")
        return None
    problems += [
        f"{place}: {shown(key)} is not read; write 'source' and 'items'." for key in payload if key not in _KEYS
    ]
    objects: list[Mapping[str, object]] = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, Mapping):
            problems.append(f"{place}: Item {number} is {shown(item)}, not an object; it is not counted.")
            continue
        problems += [
            f"{place}: Item {number}: {shown(key)} is not a field of {spec.gives}; correct its name."
            for key in item
            if key not in FIELDS_OF[spec.gives]
        ]
        objects.append(item)
    return objects


READER = SourceReader("dispatch", DispatchSource, frozenset({"action"}), is_pushed=True, read=_read)
