"""What Alertmanager, PagerDuty and Statuspage send becomes one signal an incident, and nothing odd is overlooked."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reassay.register.incident import Severity
from reassay.signals.sources import READERS, alertmanager, pagerduty, statuspage
from reassay.signals.sources.webhook_values import reduced
from tests.unit.signals.sources.webhook_lab import NOW, SAMPLES, payload, reading

USED = {each.KIND: each.USED for each in (alertmanager, pagerduty, statuspage)}


def when(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 30, hour, minute, second, tzinfo=UTC)


def alert(**changes: object) -> dict[str, Any]:
    """A message with one alert that differs from the real one."""
    message = payload("alertmanager_firing")
    message["alerts"][0] |= changes
    return message


def labelled(**labels: object) -> dict[str, Any]:
    return alert(labels={"alertname": "JailbreakRate", **labels})


def event(**changes: object) -> dict[str, Any]:
    message = payload("pagerduty_triggered")
    message["event"]["data"] |= changes
    return message


def page(**changes: object) -> dict[str, Any]:
    message = payload("statuspage_incident")
    message["incident"] |= changes
    return message


def test_all_three_are_pushed_to_the_app() -> None:
    webhooks = {reader.kind: reader for reader in READERS if reader.kind in USED}
    assert webhooks.keys() == USED.keys()
    assert all(reader.is_pushed and reader.programs == {"app"} for reader in webhooks.values())


def test_the_same_alert_twice_is_one_incident_and_its_end_is_noted() -> None:
    said = reading("alertmanager", alert(), alert(), payload("alertmanager_resolved"))
    (signal,) = said.signals
    assert signal.key.startswith("36397c8c8d2f1598 2026-11-30T08:09:48")
    assert signal.title == "Jailbreaks succeed above the ceiling"
    assert signal.severity is Severity.CRITICAL
    assert signal.mitigations == ("jailbreak-filter",)
    # Kubernetes has deployments of its own.
    assert signal.deployment is None
    assert signal.resolved_at == when(8, 11, 51)
    assert said.problems == ()
    assert said.newest == NOW + timedelta(minutes=2)


def test_an_alert_that_fires_again_later_is_another_incident() -> None:
    said = reading("alertmanager", alert(), alert(startsAt="2026-11-30T10:00:00Z"))
    assert len(said.signals) == 2


def test_a_heartbeat_only_shows_that_messages_arrive() -> None:
    said = reading("alertmanager", payload("alertmanager_heartbeat"), heartbeat="Watchdog")
    assert (said.signals, said.problems, said.newest) == ((), (), NOW)


def test_a_heartbeat_that_ended_shows_nothing() -> None:
    ended = payload("alertmanager_heartbeat")
    ended["alerts"][0]["status"] = "resolved"
    assert reading("alertmanager", ended, heartbeat="Watchdog").newest is None


def test_without_a_heartbeat_configured_an_alert_of_that_name_is_an_incident() -> None:
    assert len(reading("alertmanager", payload("alertmanager_heartbeat")).signals) == 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("critical", Severity.CRITICAL),
        ("Page", Severity.CRITICAL),
        ("SEV-1", Severity.CRITICAL),
        ("warning", Severity.MEDIUM),
        ("none", Severity.LOW),
        ("", None),
        (None, None),
    ],
)
def test_words_for_severities(word: str | None, expected: Severity | None) -> None:
    said = reading("alertmanager", labelled(severity=word))
    assert (said.signals[0].severity, said.problems) == (expected, ())


@pytest.mark.parametrize("word", ["sehr schlimm", 5, False, ["critical"]])
def test_a_severity_that_is_not_understood_counts_as_critical_and_is_said(word: object) -> None:
    said = reading("alertmanager", labelled(severity=word))
    assert said.signals[0].severity is Severity.CRITICAL
    assert "counts as critical" in said.problems[0]


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (payload("alertmanager_firing") | {"truncatedAlerts": 3}, "leaves out 3 alerts"),
        (payload("alertmanager_firing") | {"truncatedAlerts": "x"}, "leaves out some alerts"),
        (payload("alertmanager_firing") | {"version": "5"}, "no webhook of Alertmanager in version 4"),
        (payload("alertmanager_firing") | {"alerts": None}, "has no list of alerts"),
        ({}, "no webhook of Alertmanager"),
        (alert(fingerprint=None), "no fingerprint"),
        (alert(startsAt="0001-01-01T00:00:00Z"), "no start"),
        (alert(status="suppressed"), "counts as firing"),
        (labelled(reassay_mitigations="jailbreak-filter, The Filter"), "which the register does not have"),
        (labelled(reassay_deployment="elsewhere"), "which the register does not have"),
    ],
)
def test_what_is_missing_or_odd_in_an_alert_is_a_problem_and_the_other_messages_are_read(
    message: dict[str, Any], problem: str
) -> None:
    said = reading("alertmanager", message, alert(fingerprint="another"))
    assert problem in said.problems[0]
    assert any(signal.key.startswith("another") for signal in said.signals)


def test_an_alert_from_the_future_counts_from_when_it_came() -> None:
    said = reading("alertmanager", alert(startsAt="2099-01-01T00:00:00Z"))
    assert said.signals[0].first_seen_at == NOW


def test_one_incident_of_pagerduty_keeps_its_highest_severity_and_its_first_date() -> None:
    # The second message overtook the first one, and a note says nothing of an incident.
    said = reading(
        "pagerduty", payload("pagerduty_resolved"), payload("pagerduty_note"), payload("pagerduty_triggered")
    )
    (signal,) = said.signals
    assert signal.key == "Q1B2C3D4E5F6G7"
    assert signal.severity is Severity.CRITICAL
    assert signal.first_seen_at == when(8, 0, 5)
    assert signal.resolved_at == when(9, 30)
    assert said.newest == NOW + timedelta(minutes=2)


def test_an_incident_that_was_reopened_is_not_resolved() -> None:
    reopened = payload("pagerduty_resolved")
    reopened["event"] |= {"event_type": "incident.reopened", "occurred_at": "2026-11-30T10:00:00Z"}
    said = reading("pagerduty", payload("pagerduty_resolved"), reopened)
    assert said.signals[0].resolved_at is None


@pytest.mark.parametrize(
    ("changes", "expected", "problems"),
    [
        ({}, Severity.HIGH, 0),
        ({"priority": None}, Severity.HIGH, 0),
        ({"priority": None, "urgency": "low"}, Severity.LOW, 0),
        ({"priority": None, "urgency": None}, None, 0),
        ({"priority": {"summary": "P4"}}, Severity.LOW, 0),
        ({"priority": {"summary": "Tier Zero"}}, Severity.CRITICAL, 1),
        ({"priority": {}}, Severity.CRITICAL, 1),
        ({"priority": "P4"}, Severity.CRITICAL, 1),
        ({"priority": None, "urgency": "severe"}, Severity.CRITICAL, 1),
    ],
)
def test_priorities_and_urgencies(changes: dict[str, object], expected: Severity | None, problems: int) -> None:
    said = reading("pagerduty", event(**changes))
    assert (said.signals[0].severity, len(said.problems)) == (expected, problems)


def test_what_is_no_event_or_names_no_incident_is_a_problem() -> None:
    said = reading("pagerduty", {}, event(id=None), {"event": {"event_type": "pagey.ping", "data": {"type": "ping"}}})
    assert (len(said.problems), said.signals) == (2, ())


def test_one_incident_of_statuspage_keeps_its_highest_impact() -> None:
    said = reading("statuspage", payload("statuspage_incident"), payload("statuspage_resolved"))
    (signal,) = said.signals
    assert (signal.key, signal.title) == ("inc00000001a", "Moderation answers late")
    assert signal.severity is Severity.HIGH
    assert signal.first_seen_at == when(8, 5, 20).replace(microsecond=507_000)
    assert signal.resolved_at == when(9, 0)


@pytest.mark.parametrize(
    "message",
    [
        payload("statuspage_component"),
        {"page": {"id": "x"}, "subscriber": {}},
        page(status="in_progress", impact="none"),
        page(impact="maintenance"),
    ],
)
def test_components_subscriptions_and_planned_maintenance_only_show_that_messages_arrive(
    message: dict[str, Any],
) -> None:
    said = reading("statuspage", message)
    assert (said.signals, said.problems, said.newest) == ((), (), NOW)


def test_what_is_no_message_of_statuspage_is_a_problem() -> None:
    said = reading("statuspage", {}, page(id=None), page(impact="dreadful"))
    assert len(said.problems) == 3
    assert said.signals[0].severity is Severity.CRITICAL


NAMES = [
    ("alertmanager", "alertmanager_firing"),
    ("alertmanager", "alertmanager_resolved"),
    ("pagerduty", "pagerduty_triggered"),
    ("pagerduty", "pagerduty_note"),
    ("statuspage", "statuspage_resolved"),
    ("statuspage", "statuspage_component"),
]


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_what_is_kept_of_a_message_reads_like_the_whole_one(kind: str, name: str) -> None:
    message = payload(name)
    kept = reduced(message, USED[kind])
    assert isinstance(kept, dict)
    assert reading(kind, kept) == reading(kind, message)
    assert len(json.dumps(kept)) < len(json.dumps(message))


def test_names_of_people_and_notes_are_not_kept() -> None:
    kept = json.dumps([reduced(payload(name), USED[kind]) for kind, name in NAMES])
    for word in ("on-call", "Looking at it", "We are looking", "safety"):
        assert word not in kept


@pytest.mark.parametrize("kind", ["alertmanager", "pagerduty"])
def test_samples_that_others_collected_are_read(kind: str) -> None:
    sample = SAMPLES / f"wh_{kind}.json"
    if not sample.is_file():
        pytest.skip("the shared samples are not here")
    said = reading(kind, json.loads(sample.read_text()))
    assert said.problems == ()
    assert {signal.severity for signal in said.signals} <= {Severity.CRITICAL, Severity.HIGH}
    assert len(said.signals) == {"alertmanager": 2, "pagerduty": 1}[kind]
