"""Webhooks of Atlassian Statuspage: one signal an incident, by its id.

https://support.atlassian.com/statuspage/docs/enable-webhook-notifications
"""

from collections.abc import Mapping
from typing import Final

from reassay.register.incident import Severity
from reassay.register.signal_sources import StatuspageSource
from reassay.signals.source_readings import ReceivedEvent, Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources.webhook_values import (
    LONGEST_KEY,
    Shape,
    address,
    in_order,
    instant,
    merged,
    not_after,
    part,
    sentences,
    severity_by,
    shown,
    text,
)

KIND: Final = "statuspage"
IMPACTS: Final[Mapping[str, Severity]] = {
    "none": Severity.LOW,
    "minor": Severity.MEDIUM,
    "major": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
MAINTENANCE: Final = frozenset({"scheduled", "in_progress", "verifying", "completed"})
"""Statuses that only a planned maintenance has, which Statuspage sends as an incident."""
_ENDED: Final = frozenset({"resolved", "postmortem"})
USED: Final[Shape] = {
    # That an object is there shows what a message is about; nothing below it is used.
    "page": {},
    "component_update": {},
    "incident": dict.fromkeys(
        ("id", "name", "status", "impact", "created_at", "updated_at", "resolved_at", "shortlink")
    ),
}
"""What is kept of a message: not the texts of its updates."""


def read(_spec: StatuspageSource, context: SourceContext) -> SourceReading:
    """The incidents of all messages. Components, subscriptions and planned maintenance only show that messages arrive."""
    problems: list[str] = []
    signals: list[Signal] = []
    heard = []
    for event in in_order(context.events):
        incident = event.payload.get("incident")
        when = f"the message of {event.received_at:%Y-%m-%d %H:%M} UTC"
        if incident is None and not isinstance(event.payload.get("page"), Mapping):
            problems.append(f"{when} is no webhook of Statuspage")
            continue
        if incident is not None and not _is_maintenance(incident):
            signal = _signal(part(event.payload, "incident"), event, when, problems)
            if signal is None:
                continue
            signals.append(signal)
        heard.append(event.received_at)
    return SourceReading(merged(signals), newest=max(heard, default=None), problems=sentences(problems))


def _is_maintenance(incident: object) -> bool:
    return isinstance(incident, Mapping) and (
        incident.get("impact") == "maintenance" or text(incident, "status") in MAINTENANCE
    )


def _signal(incident: Mapping[str, object], event: ReceivedEvent, when: str, problems: list[str]) -> Signal | None:
    key = text(incident, "id", LONGEST_KEY)
    if key is None:
        problems.append(f"{when} is about an incident without an id")
        return None
    begun = not_after(instant(incident, "created_at"), event)
    ended = instant(incident, "resolved_at") or instant(incident, "updated_at") or event.received_at
    status = text(incident, "status")
    return Signal(
        key=key,
        title=text(incident, "name") or f"incident {key}",
        first_seen_at=begun,
        occurred_at=begun,
        resolved_at=not_after(ended, event) if status in _ENDED else None,
        severity=severity_by(IMPACTS, incident.get("impact"), "impact", f"the incident {shown(key)}", problems),
        url=address(incident, "shortlink"),
    )


READER: Final = SourceReader(KIND, StatuspageSource, frozenset({"app"}), is_pushed=True, read=read)
