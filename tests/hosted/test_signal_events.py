"""Messages of monitoring tools wait in the inbox until the ledger has them, and for no longer than is stated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reassay.hosted import signal_events
from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.rules.deliveries import SIGNAL_EVENT, ParsedDelivery, parse_delivery
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.signal_events import SenderSource, SignalEvents, of_sources
from reassay.register.signal_sources import AlertmanagerSource, DispatchSource, StatuspageSource

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ALERTS = AlertmanagerSource(kind="alertmanager", id="alerts", secret="ALERTS")
STATUS = StatuspageSource(kind="statuspage", id="status", secret="STATUS")
SOURCE = SenderSource(7, "example-lab/framework", "alerts", "alertmanager", "ALERTS")


@pytest.fixture
def events(database: Database) -> SignalEvents:
    database.run("insert into reassay_installations (id, account, seen_at) values (1, 'example-lab', %s)", (NOW,))
    database.run(
        "insert into reassay_repositories (id, installation_id, full_name, next_sweep_at) values (7, 1, %s, %s)",
        ("Example-Lab/framework", NOW),
    )
    return SignalEvents(database)


def test_sources_are_found_by_name_and_by_id_as_of_the_last_sweep(events: SignalEvents) -> None:
    events.keep_sources(7, [ALERTS, STATUS, DispatchSource(kind="dispatch", id="pipeline")])
    expected = replace(SOURCE, full_name="Example-Lab/framework")
    assert events.source("example-lab/FRAMEWORK", "alerts") == expected
    assert events.source("7", "alerts") == expected
    for repository, source in (("8", "alerts"), ("example-lab/other", "alerts"), ("7", "pipeline"), ("7", "nothing")):
        assert events.source(repository, source) is None
    events.keep_sources(7, [STATUS])
    assert events.source("7", "alerts") is None
    events.database.run("update reassay_installations set suspended = true")
    assert events.source("7", "status") is None


def test_a_message_is_stored_with_the_delivery_that_causes_a_sweep(events: SignalEvents) -> None:
    assert events.store(SOURCE, {"a": 1}, NOW)
    (waiting,) = events.waiting(7, NOW)
    assert waiting.event.payload == {"a": 1}
    (unread,) = Inbox(events.database).unread(0, 10)
    parsed = parse_delivery(unread.delivery.event, unread.delivery.body, "reassay[bot]")
    assert unread.delivery.event == SIGNAL_EVENT
    assert isinstance(parsed, ParsedDelivery)
    assert parsed.subjects == (JobSubject(7),)


def test_the_same_message_again_waits_once_with_its_last_time(events: SignalEvents) -> None:
    assert events.store(SOURCE, {"a": 1}, NOW)
    before = events.waiting(7, NOW + timedelta(hours=1))
    assert not events.store(SOURCE, {"a": 1}, NOW + timedelta(minutes=1))
    (after,) = events.waiting(7, NOW + timedelta(hours=1))
    assert after.event.received_at == NOW + timedelta(minutes=1)
    # A sweep that read it before must not delete it: the later time is not in the ledger.
    assert events.recorded(before) == 0
    assert events.recorded((after,)) == 1
    assert events.waiting(7, NOW) == ()


def test_only_what_was_read_is_deleted(events: SignalEvents) -> None:
    events.store(SOURCE, {"a": 1}, NOW)
    events.store(replace(SOURCE, source="status"), {"a": 1}, NOW)
    waiting = events.waiting(7, NOW)
    assert events.recorded(of_sources(waiting, {"alerts"})) == 1
    assert [own.source for own in events.waiting(7, NOW)] == ["status"]


def test_a_time_in_the_future_is_none(events: SignalEvents) -> None:
    events.store(SOURCE, {"a": 1}, NOW + timedelta(hours=9))
    (waiting,) = events.waiting(7, NOW)
    assert waiting.event.received_at == NOW
    assert events.recorded((waiting,)) == 1


def test_too_much_that_waits_is_refused_and_nothing_of_it_is_stored(
    events: SignalEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_events, "MOST_EVENTS", 2)
    events.store(SOURCE, {"a": 1}, NOW)
    events.store(SOURCE, {"a": 2}, NOW)
    with pytest.raises(DatabaseError, match="too many messages"):
        events.store(SOURCE, {"a": 3}, NOW)
    assert len(events.waiting(7, NOW)) == 2
    assert len(Inbox(events.database).unread(0, 10)) == 2


def test_what_waits_for_too_long_loses_its_content_and_the_next_sweep_sees_that(events: SignalEvents) -> None:
    events.keep_sources(7, [ALERTS])
    events.store(SOURCE, {"name": "a person"}, NOW)
    events.store(replace(SOURCE, source="gone"), {"name": "a person"}, NOW)
    events.store(SOURCE, {"name": "another"}, NOW + timedelta(days=1))
    assert events.expire(NOW + timedelta(hours=1)) == 1
    waiting = events.waiting(7, NOW + timedelta(days=2))
    assert [(own.source, own.event.payload) for own in waiting] == [("alerts", {}), ("alerts", {"name": "another"})]


def test_all_of_it_goes_with_the_repository(events: SignalEvents) -> None:
    events.keep_sources(7, [ALERTS])
    events.store(SOURCE, {"a": 1}, NOW)
    events.database.run("delete from reassay_installations")
    assert events.waiting(7, NOW) == ()
    assert events.database.rows("select * from reassay_signal_sources") == []


def test_a_tool_that_sends_without_end_leaves_nothing_behind(events: SignalEvents) -> None:
    inbox = Inbox(events.database)
    for minute in range(20):
        events.store(SOURCE, {"a": 1}, NOW + timedelta(minutes=minute))
        inbox.done([own.delivery.id for own in inbox.unread(0, 10)], NOW + timedelta(minutes=minute))
    assert events.database.rows("select count(*) from reassay_inbox") == [(0,)]
    assert len(events.waiting(7, NOW + timedelta(hours=1))) == 1
