"""The AI Incident Database (https://incidentdatabase.ai): its incidents as information.

A dump is the `incidents.csv` of a weekly snapshot, or its incidents as JSON: a list, JSON lines as `mongoexport` writes them, or
the answer of its GraphQL interface. The date of an incident is a day. An entry was made when its MongoDB id says.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from reassay.register.signal_sources import IncidentDatabaseSource
from reassay.signals.source_readings import SourceContext, SourceReader, SourceReading
from reassay.signals.sources.csv_rows import csv_rows
from reassay.signals.sources.documents import text_of
from reassay.signals.sources.dumps import DumpItem, day_or_instant, dump_content, json_objects, read_dump
from reassay.signals.sources.field_values import OddValueError, key_of, shown

_OBJECT_ID: Final = re.compile(r"([0-9a-f]{8})[0-9a-f]{16}")
"""Its first four bytes are seconds since 1970 (https://www.mongodb.com/docs/manual/reference/bson-types/#objectid)."""
_CREATED: Final = ("created_at", "record_created")
_WRAPPERS: Final = ("data", "incidents")


def _read(spec: IncidentDatabaseSource, context: SourceContext) -> SourceReading:
    raw, place = dump_content(spec.path, spec.url, context)
    problems: list[str] = []
    items = [
        item
        for at, incident in _incidents(text_of(raw, place), place, problems)
        if (item := _item(incident, at, context, problems)) is not None
    ]
    return read_dump(items, spec.words, context, place, problems)


def _incidents(text: str, place: str, problems: list[str]) -> Iterator[tuple[str, object]]:
    """Incidents with their places. Raises SourceUnreadError."""
    if text.lstrip()[:1] not in {"{", "["}:
        yield from ((row.place, row.values) for row in csv_rows(text, place, problems))
        return
    for at, document in json_objects(text, place):
        value = document
        if isinstance(value, Mapping) and value.get("errors"):
            problems.append(f"{at} says that there were errors: {shown(value['errors'])}.")
        for key in _WRAPPERS:
            if isinstance(value, Mapping) and key in value and "incident_id" not in value:
                value = value[key]
        if isinstance(value, list):
            yield from ((f"{at}, entry {number}", incident) for number, incident in enumerate(value, start=1))
        else:
            yield at, value


def _item(incident: object, place: str, context: SourceContext, problems: list[str]) -> DumpItem | None:
    fields = incident if isinstance(incident, Mapping) else {}
    try:
        key = key_of(_plain(fields.get("incident_id")))
    except OddValueError:
        problems.append(f"{place}: {shown(incident)} has no 'incident_id'; it is not taken.")
        return None
    at = f"{place} (incident {shown(key)})"
    created = next((_plain(fields[field]) for field in _CREATED if fields.get(field)), None)
    return DumpItem(
        key=key,
        title=_text(fields, "title") or f"Incident {key}",
        text=_text(fields, "description"),
        first_seen_at=day_or_instant(created, context.now, at, problems) if created else _made_at(fields, context.now),
        occurred_at=day_or_instant(_plain(fields.get("date")), context.now, at, problems),
        url=f"https://incidentdatabase.ai/cite/{key}" if key.isdigit() else "https://incidentdatabase.ai",
    )


def _plain(value: object) -> object:
    """The value of MongoDB's extended JSON: `{"$oid": "..."}`, `{"$date": "..."}`, `{"$numberInt": "1"}`."""
    if isinstance(value, Mapping) and len(value) == 1:
        name, inner = next(iter(value.items()))
        return inner if isinstance(name, str) and name.startswith("$") else value
    return value


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _made_at(fields: Mapping[str, object], now: datetime) -> datetime | None:
    """When the entry was made, by its MongoDB id; None if it has none."""
    written = _plain(fields.get("_id"))
    match = _OBJECT_ID.fullmatch(written.lower()) if isinstance(written, str) else None
    if match is None:
        return None
    made = datetime.fromtimestamp(int(match[1], 16), UTC)
    return made if made <= now else None


READER = SourceReader(
    "ai-incident-database", IncidentDatabaseSource, frozenset({"action", "app"}), is_pushed=False, read=_read
)
