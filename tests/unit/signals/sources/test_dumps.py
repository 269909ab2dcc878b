"""Dumps of AVID and the AI Incident Database: their real shapes, words, dates that are days, and entries that went missing."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources import ai_incident_database, avid
from tests.unit.signals.sources.feeds_lab import context, source

URL = "https://example.org/dump"


def report(key: str, title: str, **fields: object) -> dict[str, object]:
    """A report in AVID's shape."""
    return {
        "data_type": "AVID",
        "data_version": "0.2",
        "metadata": {"report_id": key},
        "affects": {"developer": [], "deployer": [], "artifacts": [{"type": "Model", "name": "example-model-7b"}]},
        "problemtype": {
            "classof": "LLM Evaluation",
            "type": "Advisory",
            "description": {"lang": "eng", "value": title},
        },
        "references": [],
        "description": {"lang": "eng", "value": f"About {title}."},
        "impact": None,
        "reported_date": "2026-10-05",
    } | fields


REPORTS = [report("AVID-2026-R0001", "A prompt injection"), report("AVID-2026-R0002", "Jailbreaks by ciphers")]
VULNERABILITY = {
    **report("", "Evasion of a detector"),
    "metadata": {"vuln_id": "AVID-2026-V001"},
    "reports": None,
    "credit": None,
    "reported_date": None,
    "published_date": "2026-11-20",
}
INCIDENTS_CSV = """\
_id,incident_id,date,reports,Alleged deployer of AI system,Alleged developer of AI system,Alleged harmed or nearly harmed parties,\
description,title
6720a5800000000000000001,901,2026-10-20,"[1,2]","[""lab""]","[""lab""]","[""users""]","A chat, leaked.
On two lines.",Chat histories were shown to others
672e2e000000000000000002,902,2026-11,[3],[],[],[],An agent sent mail,Agent sends internal data
"""


def read_avid(raw: bytes, position: Mapping[str, object] | None = None, **fields: object) -> SourceReading:
    spec = source("avid", url=URL, **fields)
    return avid.READER.read(spec, context(pages={URL: raw}, position=position))


def read_incidents(raw: str, position: Mapping[str, object] | None = None, **fields: object) -> SourceReading:
    spec = source("ai-incident-database", path="data/incidents.csv", **fields)
    return ai_incident_database.READER.read(spec, context(files={spec.path: raw.encode()}, position=position))


def as_lines(*documents: object) -> bytes:
    return "\n".join(json.dumps(document) for document in documents).encode()


def as_zip(files: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in files.items():
            archive.writestr(name, json.dumps(document))
    return stream.getvalue()


def as_tar(files: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, document in files.items():
            raw = json.dumps(document).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    return stream.getvalue()


FILES = {
    "avid-db-main/README.md": "no report",
    "avid-db-main/reports/review/AVID-2026-R0003.json": {"data_type": "AVID", "metadata": None},
    "avid-db-main/reports/2026/AVID-2026-R0001.json": REPORTS[0],
    "avid-db-main/reports/2026/AVID-2026-R0002.json": REPORTS[1],
}


def test_every_form_of_an_avid_dump_says_the_same() -> None:
    readings = [
        read_avid(raw) for raw in (json.dumps(REPORTS).encode(), as_lines(*REPORTS), as_zip(FILES), as_tar(FILES))
    ]
    assert all(reading == readings[0] for reading in readings)
    assert readings[0].problems == ()
    first, second = readings[0].signals
    assert (first.key, first.title, first.first_seen_at, first.occurred_at) == (
        "AVID-2026-R0001", "A prompt injection", datetime(2026, 10, 5, tzinfo=UTC), None
    )  # fmt: skip
    assert first.url == "https://avidml.org/database/avid-2026-r0001/"
    assert second.key == "AVID-2026-R0002"


def test_a_vulnerability_of_avid_has_an_id_and_a_date_of_its_own() -> None:
    (signal,) = read_avid(json.dumps(VULNERABILITY).encode()).signals
    assert (signal.key, signal.first_seen_at) == ("AVID-2026-V001", datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["jailbreak"], ["AVID-2026-R0002"]),
        (["JAILBREAK", "injection"], ["AVID-2026-R0001", "AVID-2026-R0002"]),
        (["example-model"], ["AVID-2026-R0001", "AVID-2026-R0002"]),
        (["break"], []),
        (["a.prompt"], []),
        ([], ["AVID-2026-R0001", "AVID-2026-R0002"]),
    ],
)
def test_words_choose_where_they_begin_a_word(words: list[str], keys: list[str]) -> None:
    assert [signal.key for signal in read_avid(as_lines(*REPORTS), words=words).signals] == keys


def test_an_incident_has_the_day_on_which_it_happened_and_the_instant_of_its_entry() -> None:
    reading = read_incidents(INCIDENTS_CSV)
    assert reading.problems == ()
    first, second = reading.signals
    assert (first.key, first.title, first.occurred_at, first.url) == (
        "901",
        "Chat histories were shown to others",
        datetime(2026, 10, 20, tzinfo=UTC),
        "https://incidentdatabase.ai/cite/901",
    )
    assert first.first_seen_at == datetime.fromtimestamp(0x6720A580, UTC)
    # A month is no instant, and no mistake either.
    assert second.occurred_at is None
    assert reading.newest == datetime.fromtimestamp(0x672E2E00, UTC)


@pytest.mark.parametrize(
    "document",
    [
        [{"incident_id": 901, "title": "t", "description": "d", "date": "2026-10-20", "created_at": "2026-10-21T08:00:00.000Z"}],
        {"data": {"incidents": [{"incident_id": 901, "title": "t", "date": "2026-10-20", "created_at": "2026-10-21T08:00:00Z"}]}},
        {
            "_id": {"$oid": "aaaaaaaaaaaaaaaaaaaaaaaa"}, "incident_id": {"$numberInt": "901"}, "title": "t",
            "date": {"$date": "2026-10-20T00:00:00Z"}, "created_at": {"$date": "2026-10-21T08:00:00Z"},
        },
    ],
)  # fmt: skip
def test_incidents_as_json_say_the_same(document: object) -> None:
    (signal,) = read_incidents(json.dumps(document)).signals
    assert (signal.key, signal.title, signal.occurred_at, signal.first_seen_at) == (
        "901", "t", datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 21, 8, tzinfo=UTC)
    )  # fmt: skip


def test_an_answer_with_errors_is_said() -> None:
    problems = read_incidents(
        '{"errors": [{"message": "limit"}], "data": {"incidents": [{"incident_id": 1}]}}'
    ).problems
    assert "says that there were errors" in problems[0]


def test_a_dump_that_got_shorter_is_said_until_it_is_whole_again() -> None:
    three = [report(f"AVID-2026-R000{number}", "x") for number in (1, 2, 3)]
    whole = read_avid(as_lines(*three))
    assert whole.problems == ()
    short = read_avid(as_lines(*three[:1]), whole.position)
    words = "What was received of them counts on until it is triaged. Check that the dump is whole."
    assert short.problems == (
        f"{URL} lost 2 of the 3 entries that it had ('AVID-2026-R0002', 'AVID-2026-R0003'). {words}",
    )
    assert read_avid(as_lines(*three[:1]), short.position).problems == short.problems
    assert read_avid(as_lines(*three), short.position).problems == ()


def test_an_entry_that_was_taken_out_of_a_dump_that_grew_is_named_once() -> None:
    before = read_avid(as_lines(report("AVID-2026-R0001", "x"), report("AVID-2026-R0002", "x")))
    grown = as_lines(report("AVID-2026-R0002", "x"), report("AVID-2026-R0003", "x"))
    after = read_avid(grown, before.position)
    assert "lost 1 of the 2 entries that it had ('AVID-2026-R0001')" in after.problems[0]
    assert read_avid(grown, after.position).problems == ()


def test_entries_that_cannot_be_understood_are_said_and_the_others_are_taken() -> None:
    reading = read_avid(as_lines(REPORTS[0], {"metadata": {}}, report("AVID-2026-R0009", "x", reported_date="5 Oct")))
    assert [signal.key for signal in reading.signals] == ["AVID-2026-R0001", "AVID-2026-R0009"]
    assert f"{URL}:2: " in reading.problems[0]
    assert "has no id of AVID; it is not taken." in reading.problems[0]
    assert f"{URL}:3 (AVID-2026-R0009): its date is '5 Oct', not a date" in reading.problems[1]
    reading = read_incidents(INCIDENTS_CSV + "x,,2026-10-20,,,,,,no id\n")
    assert "has no 'incident_id'; it is not taken." in reading.problems[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", b"<html>", b"\xff\xfe", b"{\n", as_zip({}), as_zip({"a.json": 1}), as_zip(FILES)[:200],
        as_tar(FILES)[:300], b"BZh9", b"\xfd7zXZ\x00", b"PK\x03\x04",
    ],
)  # fmt: skip
def test_what_is_no_dump_is_refused_and_not_empty(raw: bytes) -> None:
    with pytest.raises(SourceUnreadError):
        read_avid(raw)


@pytest.mark.slow
def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("avid/reports/2026/AVID-2026-R0001.json", b" " * (6 * 1024 * 1024))
    with pytest.raises(SourceUnreadError, match="has more than 5,242,880 bytes"):
        read_avid(stream.getvalue())
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}", b"\x00" * (50 * 1024 * 1024))
    with pytest.raises(SourceUnreadError, match="bytes unpacked"):
        read_avid(stream.getvalue())


@pytest.mark.parametrize("text", ["", "[]", "{}", "a", "incident_id,title\n", '{"data": null}'])
def test_what_is_no_dump_of_incidents_is_refused(text: str) -> None:
    with pytest.raises(SourceUnreadError):
        read_incidents(text)
