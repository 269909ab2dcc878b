"""A value of an answer may be of any type: each value of a real one in turn is replaced by one of every type."""

import json
from collections.abc import Callable

import pytest

from reassay.register.signal_sources import (
    CisaKevSource,
    GitHubAdvisoriesSource,
    JsonFeedSource,
    OsvSource,
    PrometheusSource,
)
from reassay.signals.source_readings import JsonMap, SourceContext, SourceReading, SourceUnreadError
from reassay.signals.sources import cisa_kev, github_advisories, json_feed, osv, prometheus
from tests.unit.evidence.readers.test_odd_values import EVERY, paths, replaced
from tests.unit.signals.sources.source_lab import NOW, Web, context_of
from tests.unit.signals.sources.test_cisa_kev import ENTRY, catalogue
from tests.unit.signals.sources.test_github_advisories import ADVISORY
from tests.unit.signals.sources.test_osv import BATCH, content, listed
from tests.unit.signals.sources.test_prometheus import answer, ends

URL = "https://x.example.org/api/v1/query_range"
ROW = {
    "key": "a",
    "title": "t",
    "first_seen_at": "2026-11-30",
    "severity": "high",
    "kind": "hazard",
    "mitigations": ["m"],
    "deployment": "d",
}


def feed(gives: str) -> Callable[[SourceContext], SourceReading]:
    fields = {"id": "a", "kind": "json-feed", "url": URL, "items": "rows", "gives": gives}
    source = JsonFeedSource.model_validate_json(json.dumps(fields))
    return lambda context: json_feed.READER.read(source, context)


def series(of: str, gives: str) -> Callable[[SourceContext], SourceReading]:
    fields = {"id": "a", "kind": "prometheus", "url": "https://x.example.org", "query": "q", "of": of, "gives": gives}
    source = PrometheusSource.model_validate_json(json.dumps(fields))
    return lambda context: prometheus.READER.read(source, context)


def kev(context: SourceContext) -> SourceReading:
    fields = {"id": "a", "kind": "cisa-kev", "url": URL, "products": ["tiny tools/*"]}
    return cisa_kev.READER.read(CisaKevSource.model_validate_json(json.dumps(fields)), context)


def is_read_or_refused(read: Callable[[SourceContext], SourceReading], context: SourceContext) -> None:
    """It is read or refused, and nothing else; what is read can be written as UTF-8, and nothing of it is of the future."""
    try:
        reading = read(context)
    except SourceUnreadError as error:
        str(error).encode()
        return
    "".join(reading.problems).encode()
    for signal in reading.signals:
        f"{signal.key}{signal.title}{signal.url}{signal.root_cause}{signal.deployment}{signal.mitigations}".encode()
    assert reading.newest is None or reading.newest <= NOW
    assert all(count.day < NOW.date() for count in reading.counts)
    json.dumps(reading.position, ensure_ascii=False).encode()


@EVERY
@pytest.mark.parametrize(
    ("read", "document"),
    [
        (feed("incidents"), {"rows": [ROW]}),
        (feed("information"), {"rows": [ROW]}),
        (feed("count"), {"rows": [{"day": "2026-11-30", "count": 3, "deployment": "d"}]}),
        (series("per-day", "count"), answer(ends("3", "4"))),
        (series("per-day", "incidents"), answer(ends("3", "4"))),
        (series("counter", "exposure"), answer(ends("3", "4"))),
        (kev, catalogue(ENTRY)),
    ],
)
def test_a_document_with_a_value_of_any_type_is_read_or_refused(
    read: Callable[[SourceContext], SourceReading], document: object, odd_values: tuple[object, ...]
) -> None:
    for path in paths(document):
        for odd in odd_values:
            is_read_or_refused(read, context_of(Web({URL: replaced(document, path, odd)})))


@EVERY
def test_an_advisory_with_a_value_of_any_type_is_read_or_refused(odd_values: tuple[object, ...]) -> None:
    fields = {"id": "a", "kind": "github-advisories", "packages": [{"ecosystem": "pip", "name": "a"}]}
    source = GitHubAdvisoriesSource.model_validate_json(json.dumps(fields))
    for path in paths(ADVISORY):
        for odd in odd_values:
            advisory = replaced(ADVISORY, path, odd)
            if isinstance(advisory, dict):
                context = context_of(advisories=answering(advisory))
                is_read_or_refused(lambda context: github_advisories.READER.read(source, context), context)


def answering(advisory: JsonMap) -> Callable[[str, str], tuple[JsonMap, ...]]:
    return lambda _ecosystem, _package: (advisory,)


@EVERY
def test_both_answers_of_osv_with_a_value_of_any_type_are_read_or_refused(odd_values: tuple[object, ...]) -> None:
    fields = {
        "id": "a",
        "kind": "osv",
        "url": BATCH.removesuffix("/v1/querybatch"),
        "packages": [{"ecosystem": "PyPI", "name": "a"}],
    }
    source = OsvSource.model_validate_json(json.dumps(fields))
    batch, vulnerability = {"results": [listed("A-1")]}, content("A-1", withdrawn="2026-11-20T00:00:00Z")
    address = BATCH.replace("querybatch", "vulns/A-1")
    for odd in odd_values:
        for path in paths(batch):
            web = Web({BATCH: replaced(batch, path, odd), address: vulnerability})
            is_read_or_refused(lambda context: osv.READER.read(source, context), context_of(web))
        for path in paths(vulnerability):
            web = Web({BATCH: batch, address: replaced(vulnerability, path, odd)})
            is_read_or_refused(lambda context: osv.READER.read(source, context), context_of(web))
        position = replaced({"changed": {"A-1": "2026", "B-1": "2026"}}, ("changed",), odd)
        context = context_of(
            web_with(batch, vulnerability, address), position=position if isinstance(position, dict) else None
        )
        is_read_or_refused(lambda context: osv.READER.read(source, context), context)


def web_with(batch: object, vulnerability: object, address: str) -> Web:
    return Web({BATCH: batch, address: vulnerability})
