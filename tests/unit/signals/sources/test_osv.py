"""OSV: pages, contents of what is new or changed, and vulnerabilities that are withdrawn."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from reassay.register.incident import Severity
from reassay.register.signal_sources import OsvSource
from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources import osv
from reassay.signals.sources.osv import READER
from tests.unit.signals.sources.source_lab import Web, context_of

BASE = "https://osv.example.org"
BATCH = f"{BASE}/v1/querybatch"
PACKAGES = [{"ecosystem": "PyPI", "name": "tiny-agent", "version": "1.4.0"}, {"ecosystem": "npm", "name": "toy"}]


def content(key: str, **fields: object) -> dict[str, object]:
    return {
        "id": key,
        "summary": f"Summary of {key}",
        "published": "2026-11-10T08:00:00Z",
        "modified": "2026-11-12T08:00:00.123456Z",
        "aliases": ["CVE-2026-9"],
        "database_specific": {"severity": "MODERATE"},
        **fields,
    }


def listed(*keys: str, changed: str = "2026-11-12T08:00:00Z", **fields: object) -> dict[str, object]:
    return {"vulns": [{"id": key, "modified": changed} for key in keys], **fields}


def web_of(batch: object, *contents: Mapping[str, object]) -> Web:
    return Web({BATCH: batch, **{f"{BASE}/v1/vulns/{entry['id']}": entry for entry in contents}})


def read(
    web: Web, position: Mapping[str, object] | None = None, packages: list[dict[str, str]] | None = None
) -> SourceReading:
    fields = {"id": "osv", "kind": "osv", "url": f"{BASE}/", "packages": packages or PACKAGES}
    return READER.read(OsvSource.model_validate_json(json.dumps(fields)), context_of(web, position=position))


def test_ids_are_asked_for_at_once_and_contents_one_by_one() -> None:
    web = web_of({"results": [listed("GHSA-1"), {}]}, content("GHSA-1"))
    reading = read(web)
    (signal,) = reading.signals
    assert (signal.key, signal.title, signal.severity) == ("GHSA-1", "Summary of GHSA-1", Severity.MEDIUM)
    assert signal.first_seen_at == reading.newest == datetime(2026, 11, 10, 8, tzinfo=UTC)
    assert (signal.root_cause, signal.url) == ("CVE-2026-9", "https://osv.dev/vulnerability/GHSA-1")
    assert web.asked == [BATCH, f"{BASE}/v1/vulns/GHSA-1"]
    assert reading.position == {"changed": {"GHSA-1": "2026-11-12T08:00:00Z"}}
    assert reading.problems == ()


def test_only_queries_with_a_token_are_asked_for_their_next_page() -> None:
    posted: list[object] = []

    def batch(document: object) -> object:
        posted.append(document)
        pages = [
            {"results": [listed("A-1"), listed("B-1", next_page_token="t2")]},
            {"results": [listed("B-2")]},
        ]
        return pages[len(posted) - 1]

    reading = read(web_of(batch, content("A-1"), content("B-1"), content("B-2")))
    assert [signal.key for signal in reading.signals] == ["A-1", "B-1", "B-2"]
    assert posted[0] == {
        "queries": [
            {"package": {"ecosystem": "PyPI", "name": "tiny-agent"}, "version": "1.4.0"},
            {"package": {"ecosystem": "npm", "name": "toy"}},
        ]
    }
    assert posted[1] == {"queries": [{"package": {"ecosystem": "npm", "name": "toy"}, "page_token": "t2"}]}


def test_endless_pages_end_and_are_a_problem() -> None:
    endless = {"results": [listed("A-1", next_page_token="again")]}
    web = web_of(lambda _: endless, content("A-1"))
    reading = read(web, packages=PACKAGES[:1])
    assert web.asked.count(BATCH) == osv.MOST_PAGES
    assert reading.problems == (
        "OSV has more than 50 pages for 'tiny-agent'; name a version, so that there are fewer.",
    )


def test_what_did_not_change_is_not_asked_for_again() -> None:
    batch = {"results": [listed("A-1"), listed("B-1", changed="2026-11-30T00:00:00Z")]}
    before = {"changed": {"A-1": "2026-11-12T08:00:00Z", "B-1": "2026-11-12T08:00:00Z"}}
    web = web_of(batch, content("B-1"))
    reading = read(web, before)
    assert [signal.key for signal in reading.signals] == ["B-1"]
    assert reading.position == {"changed": {"A-1": "2026-11-12T08:00:00Z", "B-1": "2026-11-30T00:00:00Z"}}


def test_a_withdrawn_vulnerability_is_said_to_be_one_also_when_it_is_no_longer_listed() -> None:
    gone = content("A-1", withdrawn="2026-11-20T00:00:00Z")
    batches: tuple[object, ...] = (
        {"results": [listed("A-1", changed="2026-11-20T00:00:00Z"), {}]},
        {"results": [{}, {}]},
    )
    for batch in batches:
        reading = read(web_of(batch, gone), {"changed": {"A-1": "2026-11-12T08:00:00Z"}})
        assert [(signal.key, signal.withdrawn) for signal in reading.signals] == [("A-1", True)]


def test_a_content_that_cannot_be_read_hides_no_vulnerability_and_is_asked_for_again() -> None:
    reading = read(web_of({"results": [listed("A-1"), {}]}))
    assert [(signal.key, signal.title) for signal in reading.signals] == [("A-1", "A-1")]
    assert reading.position == {"changed": {}}
    assert reading.problems == (
        "The content of A-1 could not be read: example.org answered 404 (Not Found). Check the address in the source.",
    )


def test_after_some_contents_that_cannot_be_read_no_more_are_asked_for() -> None:
    keys = [f"A-{number}" for number in range(10)]
    web = web_of({"results": [listed(*keys), {}]})
    reading = read(web)
    assert len(reading.signals) == 10
    assert len(web.asked) == 1 + osv.MOST_FAILURES


def test_a_result_that_is_missing_is_refused_and_one_that_is_odd_is_a_problem() -> None:
    with pytest.raises(SourceUnreadError, match=r"^OSV answered 1 of 2 queries"):
        read(web_of({"results": [{}]}))
    reading = read(web_of({"results": [{"vulns": 3}, listed("B-1", "../../x")]}, content("B-1")))
    assert [signal.key for signal in reading.signals] == ["B-1"]
    assert reading.problems == (
        "OSV's result for 'tiny-agent' cannot be read, so its vulnerabilities are not known.",
        "A vulnerability of 'toy': 'id' is '../../x', not an id.",
    )
