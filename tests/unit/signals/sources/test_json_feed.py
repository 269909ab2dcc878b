"""A JSON feed: where its list is, what its items give, and what is no feed."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from reassay.ledger.signals import DayCount
from reassay.register.signal_sources import JsonFeedSource
from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources.json_feed import READER
from tests.unit.signals.sources.source_lab import Web, context_of

URL = "https://tickets.example.org/feed.json"


def read(
    document: object, headers: Mapping[str, str] | None = None, settings: Mapping[str, object] | None = None
) -> SourceReading:
    fields = {"id": "tickets", "kind": "json-feed", "url": URL, **(settings or {})}
    source = JsonFeedSource.model_validate_json(json.dumps(fields))
    return READER.read(source, context_of(Web({URL: document}, headers or {})))


def test_a_list_of_objects_gives_incidents() -> None:
    reading = read([{"key": "a", "severity": "high"}, {"key": "b"}])
    assert [signal.key for signal in reading.signals] == ["a", "b"]
    assert reading.problems == ()


def test_the_list_may_be_below_inner_keys() -> None:
    document = {"data": {"rows": [{"day": "2026-11-30", "n": 4}]}}
    reading = read(document, settings={"items": "data.rows", "gives": "exposure", "columns": {"count": "n"}})
    assert reading.counts == (DayCount(day=date(2026, 11, 30), count=4),)


def test_an_item_that_is_no_object_is_a_problem_and_the_others_are_read() -> None:
    reading = read([7, {"key": "b"}, None])
    assert [signal.key for signal in reading.signals] == ["b"]
    assert reading.problems == ("Item 1 is '7', not an object.", "Item 3 is 'None', not an object.")


def test_an_empty_list_is_a_reading_without_items() -> None:
    assert read([]) == SourceReading()


def test_further_pages_are_said_and_never_silently_left_out() -> None:
    reading = read([{"key": "a"}], {"link": '<https://tickets.example.org/feed.json?page=2>; rel="next"'})
    assert reading.problems == (
        "The feed has further pages, which are not read; name an address that gives everything at once.",
    )
    assert read([{"key": "a"}], {"link": '<https://tickets.example.org/>; rel="self"'}).problems == ()


@pytest.mark.parametrize(
    ("document", "settings", "words"),
    [
        ({"items": []}, {}, "The feed has no list at its top. Write under 'items' of the source where its list is."),
        ({"a": {"b": {}}}, {"items": "a.b"}, "The feed has no list under 'a.b'. Write under 'items' of the source where its list is."),
        ([], {"items": "a"}, "The feed has no list under 'a'. Write under 'items' of the source where its list is."),
        (b"<html>", {}, "The answer of the feed is not JSON. Check the address in the source."),
        (b"", {}, "The answer of the feed is not JSON. Check the address in the source."),
        (b"\xff", {}, "The answer of the feed is not JSON. Check the address in the source."),
        (b"[" * 100_000, {}, "The answer of the feed is not JSON. Check the address in the source."),
        (b"[" + b"9" * 5_000 + b"]", {}, "The answer of the feed is not JSON. Check the address in the source."),
        (b"[1e999]", {}, "The answer of the feed is not JSON. Check the address in the source."),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(document: object, settings: dict[str, object], words: str) -> None:
    with pytest.raises(SourceUnreadError) as refusal:
        read(document, settings=settings)
    assert str(refusal.value) == words


def test_a_page_for_signing_in_is_called_one() -> None:
    with pytest.raises(SourceUnreadError, match=r"not JSON but a web page, perhaps for signing in"):
        read(b"<html>", {"content-type": "text/html; charset=utf-8"})


def test_the_secret_of_the_source_is_asked_for_by_its_name() -> None:
    source = JsonFeedSource.model_validate_json(
        json.dumps({"id": "tickets", "kind": "json-feed", "url": URL, "secret": "TICKETS"})
    )
    web = Web({URL: []})
    READER.read(source, context_of(web))
    assert web.secrets == ["TICKETS"]


@pytest.mark.parametrize("columns", [{"sevrity": "sev"}, {"count": "n"}])
def test_a_column_of_no_field_is_an_error_of_the_register(columns: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"sevrity|'count' is not a field of what it gives \(incidents\)"):
        read([], settings={"columns": columns})
