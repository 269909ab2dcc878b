"""Events of pipelines for sources, and the commands `reassay signals status` and `reassay signals read`."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.cli.workflow_event import read_event
from reassay.signals.source_readings import ReceivedEvent
from reassay.sweep.report import Report
from tests.lab import Lab
from tests.sweep.test_checkout import git
from tests.sweep.test_signals import FILES, alert, reassessments, received, say

PIPELINE = FILES | {
    ".github/reassay.yml": FILES[".github/reassay.yml"]
    + b"    - {id: pipeline, kind: dispatch, mitigations: [jailbreak-filter], silent_after: 3 days}\n",
}
ITEM: dict[str, object] = {"key": "run-1", "title": "A jailbreak got through", "severity": "critical"}


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab(PIPELINE)


def sent(lab: Lab, *items: dict[str, object], source: str = "pipeline") -> Report:
    lab.later(minutes=5)
    payload = {"action": "reassay-signal", "client_payload": {"source": source, "items": list(items)}}
    event = (source, ReceivedEvent(payload, lab.box.clock.now()))
    return lab.sweep(settings=replace(lab.settings, in_workflow=True, events=(event,)))


def state(report: Report) -> dict[str, str]:
    return {own.source: own.state for own in report.sources}


def test_a_pipelines_incident_counts_from_the_first_event_on_and_the_same_again_is_one(lab: Lab) -> None:
    report = lab.fine()
    assert state(report) == {"pipeline": "never-read"}
    report = sent(lab, ITEM)
    assert report.problems == ()
    (body,) = received(report)
    assert (body.source, body.baseline) == ("pipeline", False)
    assert state(report) == {}
    assert len(reassessments(lab)) == 1
    report = sent(lab, ITEM)
    assert len(received(report)) == 1
    with lab.box.readonly():
        lab.fine()


def test_silence_of_what_is_pushed_counts_from_its_last_event_and_an_empty_list_is_a_heartbeat(lab: Lab) -> None:
    sent(lab)
    lab.later(days=2)
    assert state(lab.fine()) == {}
    lab.later(days=1, hours=1)
    assert state(lab.fine()) == {"pipeline": "silent"}
    assert state(sent(lab)) == {}


def test_an_event_for_nobody_is_said(lab: Lab) -> None:
    report = sent(lab, ITEM, source="pipelin")
    (problem,) = report.problems
    assert "an event came for the source 'pipelin', and the configuration has no source of this id" in problem.message
    (problem,) = sent(lab, ITEM, source="alerts").problems
    assert "takes events" in problem.message


def test_the_payload_of_a_workflow_names_its_source(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    environment = {
        "GITHUB_EVENT_NAME": "repository_dispatch", "GITHUB_REPOSITORY": "o/n", "GITHUB_EVENT_PATH": str(path),
    }  # fmt: skip
    path.write_text(json.dumps({"client_payload": {"source": "pipeline", "items": []}}), encoding="utf-8")
    event = read_event(environment)
    assert (event.source, event.payload["client_payload"]) == ("pipeline", {"source": "pipeline", "items": []})
    path.write_text(json.dumps({"client_payload": {"other": 1}}), encoding="utf-8")
    assert read_event(environment).source is None
    path.write_text(json.dumps({"client_payload": {"source": "pipeline"}}), encoding="utf-8")
    assert read_event(environment | {"GITHUB_EVENT_NAME": "push"}).source is None


def run(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(list(words), out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def token(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", lab.settings.token)
    for name in ("REASSAY_SOURCE_SECRETS", "REASSAY_SOURCE_HOSTS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


def read_now(lab: Lab, *words: str) -> tuple[int, str, str]:
    return run("signals", "read", "--repo", lab.name, "--api-url", lab.box.api_url, "--server-url", lab.box.url, *words)


@pytest.mark.usefixtures("token")
def test_read_says_what_a_sweep_would_record_and_writes_nothing(lab: Lab) -> None:
    lab.fine()
    say(lab, alert("1"), alert("2"))
    with lab.box.readonly():
        code, out, _ = read_now(lab)
        assert code == 0
        assert "alerts: 2 items, 0 counts; a sweep would record 2 of them" in out
        assert "news: 0 items, 0 counts; a sweep would record nothing" in out
        assert "pipeline: its events are sent to reassay, so there is nothing to read" in out
        code, out, _ = read_now(lab, "alerts", "--format", "json")
    (own,) = json.loads(out)["sources"]
    assert (own["source"], own["signals"], own["to_record"], own["is_baseline"]) == ("alerts", 2, 2, False)
    lab.repo.commit({"monitoring/alerts.json": b"{"}, message="broken", author="safety-lead")
    code, out, _ = read_now(lab, "alerts")
    assert code == 1
    assert "alerts: " in out
    code, _, err = read_now(lab, "alarts")
    assert code == 2
    assert "Declared are: alerts, news, pipeline." in err


def test_status_shows_health_and_what_waits_from_a_clone(lab: Lab, tmp_path: Path) -> None:
    lab.fine()
    say(lab, alert("1"))
    report = lab.fine()
    folder = tmp_path / "clone"
    url = lab.box.url.replace("http://", f"http://x-access-token:{lab.settings.token}@")
    git(tmp_path, "clone", "--quiet", f"{url}/{lab.name}.git", "clone")
    at = f"{lab.box.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    code, out, _ = run("signals", "status", str(folder), "--at", at)
    assert code == 1
    assert "alerts (file): ok; " in out
    assert "pipeline (dispatch): the source pipeline was never read" in out
    assert "triage by Tue 8 Dec 2026: alerts-" in out
    code, out, _ = run("signals", "status", str(folder), "--at", at, "--format", "json")
    document = json.loads(out)
    assert document["schema"] == "reassay/signals-status/v1"
    assert [own["state"] for own in document["sources"]] == ["ok", "ok", "never-read"]
    (signal,) = document["signals"]
    assert report.assessment_input is not None
    assert signal["id"] in report.assessment_input.register_index.signals
    assert datetime.fromisoformat(signal["first_seen_at"]).tzinfo is not None
    code, out, _ = run("status", str(folder), "--at", at)
    assert code == 1
    assert "Blind: the source pipeline was never read. The exit code is 1 because of this" in " ".join(out.split())
    code, out, _ = run("plan", str(folder), "--at", at, "--format", "json")
    assert (code, json.loads(out)["sources"][2]["state"]) == (1, "never-read")
