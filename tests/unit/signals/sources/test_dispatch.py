"""Events of pipelines: one shape, and everything that is not part of it is said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reassay.ledger.signals import DayCount
from reassay.register.incident import Severity
from reassay.signals.source_readings import ReceivedEvent, SourceReading
from reassay.signals.sources import dispatch
from tests.unit.signals.sources.feeds_lab import NOW, context, source

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
ITEM = {"key": "INC-7", "title": "x", "severity": "high", "mitigations": ["jailbreak-filter"]}


def payload(*items: object, **fields: object) -> Mapping[str, object]:
    return {"source": "the-source", "items": list(items), **fields}


def read(*payloads: Mapping[str, object], **fields: object) -> SourceReading:
    events = [ReceivedEvent(sent, AT + timedelta(hours=number)) for number, sent in enumerate(payloads)]
    return dispatch.READER.read(source("dispatch", **fields), context(events=events))


def test_items_are_incidents_that_were_first_seen_when_they_came() -> None:
    reading = read(payload(ITEM))
    (signal,) = reading.signals
    assert (signal.key, signal.severity, signal.mitigations) == ("INC-7", Severity.HIGH, ("jailbreak-filter",))
    assert (signal.first_seen_at, reading.newest, reading.problems) == (AT, AT, ())


def test_a_whole_webhook_of_github_is_read_as_well() -> None:
    event = {"action": "reassay-signal", "branch": "main", "client_payload": payload(ITEM)}
    assert read(event) == read(payload(ITEM))


def test_an_empty_list_is_a_heartbeat() -> None:
    assert read(payload()) == SourceReading(newest=AT)


def test_a_later_event_corrects_an_earlier_one() -> None:
    reading = read(payload(ITEM), payload({**ITEM, "title": "y", "severity": "critical"}))
    (signal,) = reading.signals
    assert (signal.title, signal.severity) == ("y", Severity.CRITICAL)
    counts = read(
        payload({"day": "2026-11-28", "count": 3}, {"day": "2026-11-29", "count": 1}),
        payload({"day": "2026-11-28", "count": 4}),
        gives="count",
    ).counts
    assert counts == (DayCount(day=date(2026, 11, 28), count=4), DayCount(day=date(2026, 11, 29), count=1))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "its payload has no list 'items'; send"),
        ({"client_payload": None}, "its payload has no list 'items'"),
        ({"client_payload": [1]}, "its payload has no list 'items'"),
        ({"source": "the-source", "items": {"key": 1}}, "its payload has no list 'items'"),
        ({"source": "other", "items": []}, "its 'source' is 'other', not 'the-source'."),
        ({"items": []}, "its 'source' is 'None'"),
        (payload(more=1), "'more' is not read; write 'source' and 'items'."),
        (payload({"key": "a", "serverity": "high"}), "Item 1: 'serverity' is not a field of incidents"),
        (payload("a"), "Item 1 is 'a', not an object; it is not counted."),
        (payload({"title": "a"}), "Item 1: 'key' is missing"),
        (payload({**ITEM, "mitigations": ["nobody"]}), "names the mitigation 'nobody'"),
    ],
)
def test_what_is_no_part_of_the_shape_is_said(sent: Mapping[str, object], words: str) -> None:
    assert any(words in problem for problem in read(sent).problems)


def test_one_broken_event_does_not_hide_the_others() -> None:
    reading = read({}, payload(ITEM))
    assert [signal.key for signal in reading.signals] == ["INC-7"]
    assert len(reading.problems) == 1
    assert read({}).newest is None


def test_nothing_received_is_nothing_said() -> None:
    assert dispatch.READER.is_pushed
    assert dispatch.READER.read(source("dispatch"), context()) == SourceReading()


def test_events_are_read_in_the_order_in_which_they_came() -> None:
    early, late = ReceivedEvent(payload(ITEM), AT), ReceivedEvent(payload({**ITEM, "title": "y"}), NOW)
    spec, base = source("dispatch"), context()
    assert dispatch.READER.read(spec, replace(base, events=(late, early))) == dispatch.READER.read(
        spec, replace(base, events=(early, late))
    )
