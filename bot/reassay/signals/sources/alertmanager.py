"""Webhooks of Prometheus' Alertmanager, version 4: one signal an alert, by its fingerprint and start.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from collections.abc import Iterator
from typing import Final

from reassay.register.signal_sources import AlertmanagerSource
from reassay.signals.source_readings import ReceivedEvent, Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources.register_ids import checked_ids
from reassay.signals.sources.webhook_values import (
    LONGEST_KEY,
    Shape,
    address,
    in_order,
    instant,
    listed,
    merged,
    not_after,
    part,
    sentences,
    severity,
    shown,
    text,
)

KIND: Final = "alertmanager"
VERSION: Final = "4"
MITIGATIONS, DEPLOYMENT, ROOT_CAUSE = "reassay_mitigations", "reassay_deployment", "reassay_root_cause"
"""Labels or annotations of a rule by which its alerts name entries of the register. Plain `deployment` is Kubernetes' word."""
_LABELS: Final[Shape] = dict.fromkeys(("alertname", "severity", MITIGATIONS, DEPLOYMENT, ROOT_CAUSE))
_ANNOTATIONS: Final[Shape] = dict.fromkeys(("summary", "title", "severity", MITIGATIONS, DEPLOYMENT, ROOT_CAUSE))
USED: Final[Shape] = {
    "version": None,
    "truncatedAlerts": None,
    "alerts": {
        **dict.fromkeys(("status", "startsAt", "endsAt", "generatorURL", "fingerprint")),
        "labels": _LABELS,
        "annotations": _ANNOTATIONS,
    },
}
"""What is kept of a message."""


def read(spec: AlertmanagerSource, context: SourceContext) -> SourceReading:
    """The alerts of all messages. One that cannot be understood is a problem, and the others are read."""
    problems: list[str] = []
    signals: list[Signal] = []
    heard = []
    for event in in_order(context.events):
        alerts = _alerts(event, problems)
        if any(not _is_heartbeat(alert, spec) or alert.get("status") == "firing" for alert in alerts):
            heard.append(event.received_at)
        signals += _signals(alerts, spec, event, problems)
    reading = SourceReading(merged(signals), newest=max(heard, default=None), problems=sentences(problems))
    return checked_ids(reading, spec, context.register)


def _alerts(event: ReceivedEvent, problems: list[str]) -> list[dict[str, object]]:
    when = f"the message of {event.received_at:%Y-%m-%d %H:%M} UTC"
    if event.payload.get("version") != VERSION:
        problems.append(f"{when} is no webhook of Alertmanager in version {VERSION}")
        return []
    left_out = event.payload.get("truncatedAlerts", 0)
    if left_out != 0:
        count = f"{left_out} alerts" if type(left_out) is int and left_out > 0 else "some alerts"
        problems.append(f"{when} leaves out {count}; remove max_alerts from the receiver in Alertmanager")
    alerts = event.payload.get("alerts")
    if not isinstance(alerts, list) or not all(isinstance(alert, dict) for alert in alerts):
        problems.append(f"{when} has no list of alerts")
        return []
    return alerts


def _signals(
    alerts: list[dict[str, object]], spec: AlertmanagerSource, event: ReceivedEvent, problems: list[str]
) -> Iterator[Signal]:
    for alert in alerts:
        if not _is_heartbeat(alert, spec):
            signal = _signal(alert, event, problems)
            if signal is not None:
                yield signal


def _is_heartbeat(alert: dict[str, object], spec: AlertmanagerSource) -> bool:
    return spec.heartbeat is not None and part(alert, "labels").get("alertname") == spec.heartbeat


def _signal(alert: dict[str, object], event: ReceivedEvent, problems: list[str]) -> Signal | None:
    name = _of(alert, "alertname")
    where = f"the alert '{shown(name)}'" if name else "an alert without a name"
    fingerprint, start = text(alert, "fingerprint", LONGEST_KEY), instant(alert, "startsAt")
    if fingerprint is None or start is None:
        problems.append(f"{where} has no fingerprint or no start, so that it cannot be told from others")
        return None
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        problems.append(f"{where} is neither firing nor resolved; it counts as firing")
    resolved = (instant(alert, "endsAt") or event.received_at) if status == "resolved" else None
    return Signal(
        key=f"{fingerprint} {start.isoformat()}",
        title=_of(alert, "summary") or _of(alert, "title") or name or "an alert without a name",
        first_seen_at=not_after(start, event),
        occurred_at=not_after(start, event),
        resolved_at=not_after(resolved, event),
        severity=severity(_severity_word(alert), where, problems),
        mitigations=listed(_of(alert, MITIGATIONS)),
        deployment=_of(alert, DEPLOYMENT),
        root_cause=_of(alert, ROOT_CAUSE),
        url=address(alert, "generatorURL"),
    )


def _of(alert: dict[str, object], name: str) -> str | None:
    """The value of a label, or of an annotation where no label has that name."""
    return text(part(alert, "labels"), name) or text(part(alert, "annotations"), name)


def _severity_word(alert: dict[str, object]) -> object:
    """As it is, as a word that is not understood counts as critical."""
    return part(alert, "labels").get("severity", part(alert, "annotations").get("severity"))


READER: Final = SourceReader(KIND, AlertmanagerSource, frozenset({"app"}), is_pushed=True, read=read)
