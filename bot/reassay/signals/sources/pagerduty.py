"""Webhooks (V3) of PagerDuty: one signal an incident, by its id.

https://developer.pagerduty.com/docs/webhooks-overview
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from reassay.register.incident import Severity
from reassay.register.signal_sources import PagerDutySource
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
    severity,
    severity_by,
    shown,
    text,
)

KIND: Final = "pagerduty"
INCIDENT: Final = "incident"
URGENCIES: Final[Mapping[str, Severity]] = {"high": Severity.HIGH, "low": Severity.LOW}
"""Severities by urgency, for an incident without a priority."""
USED: Final[Shape] = {
    "event": {
        **dict.fromkeys(("event_type", "occurred_at")),
        "data": {
            **dict.fromkeys(("id", "type", "title", "status", "html_url", "created_at", "urgency")),
            "priority": {"summary": None},
        },
    }
}
"""What is kept of a message: no names of people, notes or services."""


def read(_spec: PagerDutySource, context: SourceContext) -> SourceReading:
    """The incidents of all messages. Notes, responders, services and tests only show that messages arrive."""
    problems: list[str] = []
    signals: list[tuple[datetime, Signal]] = []
    heard = []
    for event in in_order(context.events):
        content = part(event.payload, "event")
        kind = text(content, "event_type")
        if kind is None:
            problems.append(
                f"the message of {event.received_at:%Y-%m-%d %H:%M} UTC is no webhook of PagerDuty in version 3"
            )
            continue
        heard.append(event.received_at)
        # Notes and responders have another type; a type that is missing is no reason to overlook an incident.
        if kind.startswith("incident.") and _is_incident(part(content, "data").get("type")):
            signal = _signal(content, kind, event, problems)
            if signal is not None:
                signals.append((_at(content, event), signal))
    # They may arrive in another order than they were sent.
    ordered = (signal for _, signal in sorted(signals, key=lambda pair: pair[0]))
    return SourceReading(merged(ordered), newest=max(heard, default=None), problems=sentences(problems))


def _is_incident(kind: object) -> bool:
    return not isinstance(kind, str) or kind == INCIDENT


def _at(content: Mapping[str, object], event: ReceivedEvent) -> datetime:
    return not_after(instant(content, "occurred_at"), event) or event.received_at


def _signal(content: Mapping[str, object], kind: str, event: ReceivedEvent, problems: list[str]) -> Signal | None:
    data, at = part(content, "data"), _at(content, event)
    key = text(data, "id", LONGEST_KEY)
    if key is None:
        problems.append(f"an event '{shown(kind)}' of {at:%Y-%m-%d %H:%M} UTC names no incident")
        return None
    created = instant(data, "created_at")
    begun = not_after(created, event) or at
    is_resolved = kind == "incident.resolved" or (kind != "incident.reopened" and data.get("status") == "resolved")
    return Signal(
        key=key,
        title=text(data, "title") or f"incident {key}",
        first_seen_at=begun,
        occurred_at=begun if created or kind == "incident.triggered" else None,
        resolved_at=at if is_resolved else None,
        severity=_severity(data, f"the incident {shown(key)}", problems),
        url=address(data, "html_url"),
    )


def _severity(data: Mapping[str, object], where: str, problems: list[str]) -> Severity | None:
    """By its priority, or else by its urgency."""
    priority = data.get("priority")
    if priority is None:
        return severity_by(URGENCIES, data.get("urgency"), "urgency", where, problems)
    # A priority always has a name: an empty one is not understood.
    return severity(part(data, "priority").get("summary") or "without a name", where, problems)


READER: Final = SourceReader(KIND, PagerDutySource, frozenset({"app"}), is_pushed=True, read=read)
