"""A value of a source may be of any type: each value in turn is replaced by one of every type, and read or refused.

What is read twice gives the same signals, and no signal has a key twice.
"""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from reassay.signals.source_readings import ReceivedEvent, SourceContext, SourceReading, SourceUnreadError
from reassay.signals.sources import ai_incident_database, atlas, avid, dispatch, repository_file
from tests.unit.signals.sources.feeds_lab import context, source
from tests.unit.signals.sources.test_dumps import REPORTS, VULNERABILITY

ODD: tuple[object, ...] = (
    None, True, False, 0, -1, 1.5, 1e300, 2**62, 10**30, "", "x", "\ud800", "\x00", "9999-12-31T23:59:59-23:59", "2026-10",
    float("inf"), float("nan"), [-1, 5], [], [[]], {}, {"x": 1}, {"$oid": 3}, [None, 1],
)  # fmt: skip
ITEM = {
    "key": "INC-1", "title": "t", "first_seen_at": "2026-11-01T10:00Z", "occurred_at": "2026-11-01", "severity": "high",
    "kind": "incident", "mitigations": ["jailbreak-filter"], "deployment": "public-api", "root_cause": "c",
    "url": "https://example.org/1",
}  # fmt: skip
INCIDENT = {
    "_id": {"$oid": "6720a5800000000000000001"}, "incident_id": 901, "date": "2026-10-20", "title": "t", "description": "d",
    "reports": [1],
}  # fmt: skip
RELEASE = {
    "format-version": "6.0.0",
    "matrices": [{"techniques": [{"id": "AML.T0051", "name": "n", "description": "d", "deprecated": False}]}],
    "techniques": {"AML.T0054": {"id": "AML.T0054", "name": "n", "description": "d", "modified-date": "2026-05-01"}},
}
URL = "https://example.org/dump"
KEPT = {"ids": ["a", "b"], "most": 2}
AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
Path = tuple[str | int, ...]
Reader = Callable[[object], SourceReading]


def paths(value: object, start: Path = ()) -> Iterator[Path]:
    """Places of all values."""
    yield start
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from paths(inner, (*start, key))


def replaced(value: object, path: Path, odd: object) -> object:
    """A copy with another value at a place."""
    holder: list[Any] = [copy.deepcopy(value)]
    target: Any = holder
    *way, last = (0, *path)
    for step in way:
        target = target[step]
    target[last] = odd
    return holder[0]


def served(reader: Any, spec: Any, **given: Any) -> Reader:  # noqa: ANN401 -- of any kind
    def read(document: object) -> SourceReading:
        return reader.READER.read(spec, context(pages={URL: json.dumps(document).encode()}, **given))  # type: ignore[no-any-return] # of any kind

    return read


def filed(ending: str, **fields: object) -> Reader:
    def read(document: object) -> SourceReading:
        spec = source("file", path=f"a.{ending}", **fields)
        return repository_file.READER.read(spec, context(files={spec.path: json.dumps(document).encode()}))

    return read


def sent(document: object) -> SourceReading:
    payload = document if isinstance(document, dict) else {"items": document}
    return dispatch.READER.read(source("dispatch"), context(events=[ReceivedEvent(payload, AT)]))


def kept(document: object) -> SourceReading:
    position = document if isinstance(document, dict) else {}
    where: SourceContext = context(pages={URL: json.dumps(REPORTS).encode()}, position=position)
    return avid.READER.read(source("avid", url=URL), where)


def kept_techniques(document: object) -> SourceReading:
    position = document if isinstance(document, dict) else {}
    where: SourceContext = context(pages={URL: json.dumps(RELEASE).encode()}, position=position)
    return atlas.READER.read(source("atlas", url=URL), where)


CASES = {
    "atlas": (RELEASE, served(atlas, source("atlas", url=URL))),
    "atlas kept": ({"techniques": {"AML.T0054": "x"}, "linked": ["AML.T0054"]}, kept_techniques),
    "avid": ([REPORTS[0], VULNERABILITY], served(avid, source("avid", url=URL, words=["a"]))),
    "avid kept": (KEPT, kept),
    "incidents": (
        {"data": {"incidents": [INCIDENT]}},
        served(ai_incident_database, source("ai-incident-database", url=URL), position=KEPT),
    ),
    "incidents in rows": ([INCIDENT, INCIDENT], served(ai_incident_database, source("ai-incident-database", url=URL))),
    "json": ([ITEM, ITEM], filed("json")),
    "yaml": ({"items": [ITEM]}, filed("yml", gives="information")),
    "counts": ([{"day": "2026-11-01", "count": 3, "deployment": "public-api"}], filed("json", gives="count")),
    "dispatch": ({"source": "the-source", "items": [ITEM]}, sent),
    "dispatch whole": ({"action": "x", "client_payload": {"source": "the-source", "items": [ITEM]}}, sent),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_value_of_any_type_is_read_or_refused_and_the_same_twice(case: str) -> None:
    document, read = CASES[case]
    read(document)
    for path in paths(document):
        for odd in ODD:
            changed = replaced(document, path, odd)
            try:
                reading = read(changed)
            except SourceUnreadError as refused:
                assert str(refused).endswith((".", "?")), refused  # noqa: PT017 -- the refusal is one of two outcomes
                continue
            assert reading == read(changed)
            keys = [signal.key for signal in reading.signals]
            assert len(keys) == len(set(keys)), (path, odd)
            assert all(problem.endswith(".") for problem in reading.problems), reading.problems
