"""Sources of signals in a sweep: incidents come in, one issue opens and says why in counts, and silence is never zero."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.signals import SignalsReceived, SourceRead
from reassay.register.incident import Severity
from reassay.register.signal_sources import FileSource
from reassay.signals.source_readings import SourceContext, SourceReading, SourceUnreadError
from reassay.signals.sources import READERS, repository_file
from reassay.sweep import signal_sources
from reassay.sweep.report import Report
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.lab import Lab

REGISTER = "framework/mitigations.yml"
FILES = {
    ".github/reassay.yml": b"""\
mode: remind
timezone: Europe/Berlin
signals:
  sources:
    - {id: alerts, kind: file, path: monitoring/alerts.json, mitigations: [jailbreak-filter]}
    - {id: news, kind: file, path: monitoring/news.json, gives: information, mitigations: [jailbreak-filter]}
""",
    REGISTER: b"""\
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-11-01
    reassess:
      every: 6 months
      triggers:
        - {kind: incident-severity, at_least: high}
        - {kind: new-information}
""",
    "monitoring/alerts.json": b"[]",
    "monitoring/news.json": b"[]",
}


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab(FILES)
    swept(lab)
    return lab


def swept(lab: Lab) -> Report:
    """A sweep without problems, and a second one that writes nothing."""
    lab.later(minutes=5)
    report = lab.fine()
    with lab.box.readonly():
        lab.fine()
    return report


def alert(key: str, **fields: object) -> dict[str, object]:
    return {"key": key, "title": f"Alert {key}", "severity": "high", "first_seen_at": "2026-12-01T08:00:00Z"} | fields


def say(lab: Lab, *items: dict[str, object], path: str = "monitoring/alerts.json") -> None:
    lab.repo.commit({path: json.dumps(items).encode()}, message="monitoring", author="safety-lead")


def received(report: Report) -> list[SignalsReceived]:
    assert report.assessment_input is not None
    return [body for _, body in report.assessment_input.history.records_of(SignalsReceived)]


def read(report: Report) -> list[SourceRead]:
    assert report.assessment_input is not None
    return [body for _, body in report.assessment_input.history.records_of(SourceRead)]


def reassessments(lab: Lab) -> list[SandboxIssueView]:
    return [issue for issue in lab.repo.issues() if issue.title.startswith("Re-assess ")]


def test_a_quiet_world_is_read_and_nothing_opens(lab: Lab) -> None:
    assert lab.titles() == []
    report = lab.fine()
    assert [body.state for body in read(report)] == ["read", "read"]
    assert [str(cell.state) for cell in report.cells] == ["current"]


@pytest.mark.long
def test_incidents_come_in_and_one_issue_opens_in_the_same_sweep(lab: Lab) -> None:
    say(lab, alert("1"), alert("2", root_cause="classifier down"), alert("3", root_cause="classifier down"))
    report = swept(lab)
    (body,) = received(report)
    assert (len(body.signals), body.baseline) == (3, False)
    (issue,) = reassessments(lab)
    assert "(high incident)" in issue.body
    # The same alerts again, one of them twice: nothing is new.
    say(lab, alert("2", root_cause="classifier down"), alert("1"), alert("3", root_cause="classifier down"), alert("1"))
    lab.later(days=1)
    assert len(received(swept(lab))) == 1
    assert len(reassessments(lab)) == 1
    # A source that lists them no more closes nothing.
    say(lab)
    lab.later(days=1)
    swept(lab)
    assert [issue.state for issue in reassessments(lab)] == ["open"]


@pytest.mark.long
def test_information_joins_the_open_reassessment_and_a_decision_settles_both(lab: Lab) -> None:
    say(lab, alert("1"))
    swept(lab)
    say(lab, {"key": "n1", "title": "A paper", "kind": "research"}, path="monitoring/news.json")
    lab.later(days=1)
    swept(lab)
    lab.later(days=20)
    swept(lab)
    (issue,) = reassessments(lab)
    assert "was not triaged in time, so it counts as material" in issue.body
    lab.say("red-team-lead", issue.number, "/reassay conclude effective because both were looked at")
    swept(lab)
    assert [issue.state for issue in reassessments(lab)] == ["closed"]


@pytest.mark.long
def test_a_bulk_day_of_1005_opens_nothing_and_is_said(lab: Lab) -> None:
    say(lab, *(alert(str(number)) for number in range(1005)))
    lab.later(minutes=5)
    report = lab.fine()
    assert any("alerts gave 1,005 items at once, which is taken for an import" in note for note in report.notes)
    assert [body.baseline for body in received(report)] == [True, True, True]
    assert reassessments(lab) == []
    with lab.box.readonly():
        lab.fine()


def test_a_broken_source_is_said_and_the_one_beside_it_is_read(lab: Lab) -> None:
    lab.repo.commit({"monitoring/alerts.json": b"{"}, message="broken", author="safety-lead")
    say(lab, {"key": "n1", "title": "A paper", "kind": "research"}, path="monitoring/news.json")
    report = swept(lab)
    assert [body.source for body in received(report)] == ["news"]
    assert [own.source for own in report.sources] == ["alerts"]
    assert "the source alerts cannot be relied on since" in report.sources[0].words
    (cell,) = report.cells
    assert str(cell.state) == "unknown"
    assert "not all incidents may be known" in cell.reason
    say(lab)
    lab.later(days=1)
    report = swept(lab)
    assert report.sources == ()
    assert [str(cell.state) for cell in report.cells] == ["current"]


WATCHED = FILES | {
    REGISTER: FILES[REGISTER].replace(
        b"        - {kind: new-information}\n",
        b"        - {kind: new-information}\n        - {kind: data-unknown, source: alerts, silent_for: 2 days}\n",
    ),
}


@pytest.mark.long
def test_a_weeks_outage_becomes_one_blind_reassessment(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(WATCHED)
    swept(lab)
    lab.repo.commit({"monitoring/alerts.json": None}, message="gone", author="safety-lead")
    for _ in range(7):
        lab.later(days=1)
        swept(lab)
    (issue,) = reassessments(lab)
    assert "2 days are allowed, and silence is not the same as no incident" in issue.body
    lab.say("red-team-lead", issue.number, "/reassay conclude effective because logs were read by hand")
    lab.later(days=1)
    report = swept(lab)
    assert len(reassessments(lab)) == 1
    assert [str(cell.state) for cell in report.cells] == ["unknown"]


def test_the_ledger_verifies_and_has_no_words_of_the_source(lab: Lab) -> None:
    say(lab, alert("1", title="Ignore everything @everyone", url="https://example.com/secret"))
    report = swept(lab)
    assert report.content is not None
    written = "".join(entry.model_dump_json() for entry in report.content.ledger.entries)
    assert "signals-received" in written
    assert "Ignore everything" not in written
    assert "example.com" not in written


@pytest.mark.long
@pytest.mark.parametrize(
    "error", [RecursionError(), MemoryError(), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates")]
)
def test_whatever_a_stranger_makes_of_one_source_the_others_and_the_sweep_go_on(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    real = repository_file.READER

    def odd(spec: FileSource, context: SourceContext) -> SourceReading:
        if spec.id == "news":
            raise error
        return real.read(spec, context)

    readers = tuple(replace(real, read=odd) if reader is real else reader for reader in READERS)
    monkeypatch.setattr(signal_sources, "READERS", readers)
    say(lab, alert("a"))
    report = lab.sweep()
    assert report.assessment_input is not None
    assert [own.source for own in received(report)] == ["alerts"]
    assert {own.source: own.state for own in read(report)}["news"] == "failed"
    assert len(reassessments(lab)) == 1


@pytest.mark.long
def test_what_failed_is_read_last_so_that_a_slow_source_keeps_nobody_else_from_being_read(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = repository_file.READER
    order: list[str] = []

    def noted(spec: FileSource, context: SourceContext) -> SourceReading:
        order.append(spec.id)
        if spec.id == "alerts":
            raise SourceUnreadError("It is slow.")
        return real.read(spec, context)

    readers = tuple(replace(real, read=noted) if reader is real else reader for reader in READERS)
    monkeypatch.setattr(signal_sources, "READERS", readers)
    lab.sweep()
    order.clear()
    lab.later(minutes=5)
    lab.sweep()
    assert order[:2] == ["news", "alerts"]


@pytest.mark.long
def test_a_feed_without_end_is_taken_in_part_the_gravest_first_and_is_said_to_have_failed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_sources, "MOST_SIGNALS", 20)
    say(
        lab,
        *(alert(f"noise-{number:03}", severity="low") for number in range(50)),
        alert("the-one", severity="critical"),
    )
    report = swept(lab)
    (body,) = received(report)
    assert len(body.signals) == 20
    assert [own.severity for own in body.signals].count(Severity.CRITICAL) == 1
    own = next(own for own in reversed(read(report)) if own.source == "alerts")
    assert (own.state, own.why) == ("failed", "It has 51 items, of which 20 were taken; leave out old ones")
    assert len(reassessments(lab)) == 1
