"""Monitoring tools send to real processes: what was acknowledged is in the ledger once, whatever is killed."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from reassay_sandbox import Sandbox
from tests.hosted.farm import free_port
from tests.hosted.hosted_lab import FIRST, SECOND
from tests.hosted.signal_lab import (
    ALERTS,
    BEARER,
    PAGER,
    SIGNING,
    STATUS,
    TOKEN,
    SignalFarm,
    encoded,
    fixture,
    signal_farm,
    signed,
)

FIRING, RESOLVED, HEARTBEAT = (fixture(f"alertmanager_{name}") for name in ("firing", "resolved", "heartbeat"))


@contextmanager
def farm_on(address: str, box: Sandbox) -> Iterator[SignalFarm]:
    with (
        tempfile.TemporaryDirectory(prefix="reassay-signals-", ignore_cleanup_errors=True) as name,
        signal_farm(box, Path(name) / "farm", address) as farm,
    ):
        yield farm


@pytest.fixture(scope="module")
def farm(server: str) -> Iterator[SignalFarm]:
    """For all tests that kill nothing."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database signals template template_reassay")
    with Sandbox.start() as box, farm_on(server.replace("/postgres?", "/signals?"), box) as farm:
        yield farm


@pytest.fixture
def own_farm(box: Sandbox, url: str) -> Iterator[SignalFarm]:
    with farm_on(url, box) as farm:
        yield farm


@pytest.mark.long
def test_messages_of_all_three_tools_become_signals_and_one_re_assessment(farm: SignalFarm) -> None:
    body = encoded(fixture("pagerduty_triggered"))
    assert farm.alert(FIRING) == 202
    assert farm.post(PAGER, body, signed(body)) == 202
    assert farm.post(f"{STATUS}?token={TOKEN}", encoded(fixture("statuspage_incident")), {}) == 202
    farm.until(lambda: farm.is_idle() and len(farm.signals()) == 3, "all messages are in the ledger")
    assert {str(signal.severity) for signal in farm.signals()} == {"critical", "high"}
    assert all(signal.mitigations == ("jailbreak-filter",) for signal in farm.signals())
    assert farm.waiting() == 0
    (issue,) = [issue for issue in farm.box.repo(FIRST).issues() if "jailbreak" in issue.title]
    assert "(critical incident)" in issue.body, issue.body
    # People are told at once, with the issue.
    pages = farm.receiver.documents("/page")
    assert {page["title"]: page["severity"] for page in pages} == {
        "Jailbreaks succeed above the ceiling": "critical",
        "The filter lets weapons questions through": "high",
        "Moderation answers late": "high",
    }
    critical = next(page for page in pages if page["severity"] == "critical")
    assert critical["issue"].endswith(f"/issues/{issue.number}")
    first = next(signal for signal in farm.signals() if signal.id.startswith("alerts-"))
    # The same again, by name and by id, and its end: still one incident.
    repository = farm.box.dispatcher.store.find(FIRST)
    assert repository is not None
    assert farm.alert(FIRING, path=f"/signals/{repository.id}/alerts") == 202
    assert farm.alert(RESOLVED) == 202
    farm.until(lambda: farm.is_idle() and farm.waiting() == 0, "all jobs are done")
    signals = [signal for signal in farm.signals() if signal.id == first.id]
    assert len({signal.id for signal in farm.signals()}) == 3
    assert len(farm.receiver.messages) == 3
    assert signals[-1].resolved_at is not None
    log = farm.log()
    for secret in (BEARER, SIGNING, TOKEN):
        assert secret not in log


@pytest.mark.long
def test_a_worker_that_is_killed_between_the_ledger_and_the_inbox_loses_nothing_and_doubles_nothing(
    own_farm: SignalFarm,
) -> None:
    farm = own_farm
    farm.stop(1)
    assert farm.alert(FIRING) == 202
    # The server that acknowledged it is killed, too, before anybody has read it.
    farm.kill(0)
    farm.until(farm.answers, "the server answers")
    assert (farm.waiting(), farm.signals()) == (1, [])
    with farm.undeletable():
        farm.start(1)
        farm.until(farm.has_a_delete_that_waits, "the ledger has it, and the worker is about to delete it")
        assert len(farm.signals()) == 1
        farm.stop(1)
    assert farm.waiting() == 1
    farm.start(1)
    farm.until(lambda: farm.is_idle() and farm.waiting() == 0, "another worker has done the rest")
    assert len(farm.signals()) == 1


def test_whoever_does_not_show_the_secret_learns_nothing(farm: SignalFarm) -> None:
    def answer(path: str, token: str = BEARER) -> tuple[int, str]:
        headers = {"authorization": f"Bearer {token}"}
        response = httpx.post(f"http://127.0.0.1:{farm.port}{path}", json=FIRING, headers=headers)
        return response.status_code, response.text

    wrong = answer(ALERTS, "another-bearer-of-nobody")
    assert wrong[0] == 404
    assert answer(f"/signals/{SECOND}/alerts") == wrong, "another tenant's register names a secret that is not for it"
    assert answer(f"/signals/{FIRST}/nothing") == wrong
    assert answer("/signals/example-lab/elsewhere/alerts") == wrong
    assert answer("/signals/a/b/c/d") == wrong
    assert answer(PAGER) == wrong, "the secret of another source"
    assert farm.post(PAGER, b'{"event": {}}', signed(b"another body")) == 404
    assert farm.post(f"{STATUS}?token=wrong", b"{}", {}) == 404
    assert farm.waiting() == 0


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"not json", {}, 400),
        (b"[]", {}, 400),
        (b'{"version": NaN}', {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{}", {"content-length": str(5 * 1024**2)}, 413),
    ],
)
def test_what_is_no_message_is_refused(farm: SignalFarm, body: bytes, headers: dict[str, str], status: int) -> None:
    assert farm.post(ALERTS, body, {"authorization": f"Bearer {BEARER}", **headers}) == status


def test_a_severity_that_nobody_understands_makes_the_source_fail_and_the_incident_critical(
    farm: SignalFarm,
) -> None:
    message = fixture("alertmanager_firing")
    message["alerts"][0] |= {"fingerprint": "0dd", "labels": {"alertname": "Odd", "severity": "schlimm"}}
    assert farm.alert(message) == 202
    farm.until(lambda: farm.is_idle() and farm.waiting() == 0, "all jobs are done")
    assert [str(signal.severity) for signal in farm.signals()][-1] == "critical"
    state = farm.states("alerts")[-1]
    assert (state.state, "counts as critical" in (state.why or "")) == ("failed", True)


def test_metrics_count_what_was_taken_and_refused(farm: SignalFarm) -> None:
    assert farm.alert(HEARTBEAT) == 202
    assert farm.alert(HEARTBEAT, token="wrong") == 404
    text = httpx.get(f"http://127.0.0.1:{farm.port}/metrics").text
    counts = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("reassay_messages_total"))
    assert float(counts['reassay_messages_total{outcome="accepted"}']) >= 1
    assert float(counts['reassay_messages_total{outcome="secret"}']) >= 1


ALERTMANAGER = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
CONFIGURATION = """\
route: {{receiver: reassay, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: reassay
    webhook_configs:
      - url: http://127.0.0.1:{port}{path}
        send_resolved: true
        http_config: {{authorization: {{credentials: {token}}}}}
"""


@contextmanager
def alertmanager(folder: Path, farm: SignalFarm) -> Iterator[str]:
    """A real one that sends to the server."""
    assert ALERTMANAGER is not None
    (folder / "am.yml").write_text(CONFIGURATION.format(port=farm.port, path=ALERTS, token=BEARER))
    port = free_port()
    options = (f"--config.file={folder / 'am.yml'}", f"--storage.path={folder / 'am'}", "--cluster.listen-address=")
    command = [ALERTMANAGER, *options, f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "am.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            farm.until(lambda: _listens(port), "Alertmanager listens", 60)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@pytest.mark.long
@pytest.mark.skipif(ALERTMANAGER is None, reason="Alertmanager is not installed")
def test_a_real_alertmanager_is_understood(farm: SignalFarm, tmp_path: Path) -> None:
    before = len(farm.signals())
    with alertmanager(tmp_path, farm) as address:
        alerts = [
            {"labels": {"alertname": "Leak", "severity": "critical"}, "annotations": {"summary": "The filter leaks"}},
            {"labels": {"alertname": "Watchdog", "severity": "none"}},
        ]
        assert httpx.post(f"{address}/api/v2/alerts", json=alerts).status_code == 200
        farm.until(lambda: farm.is_idle() and len(farm.signals()) > before, "the alert is in the ledger")
    assert str(farm.signals()[-1].severity) == "critical"
    assert farm.states("alerts")[-1].state == "read"
