"""`reassay serve --check`: what is found on a machine before anything is started, and that nothing is changed there."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import utime
from pathlib import Path
from threading import Thread

import pytest

from reassay.doctor.checks.base import Check
from reassay.github.app_types import AppIdentity
from reassay.hosted.checks.backup import backup_check
from reassay.hosted.checks.clocks import clock_check
from reassay.hosted.checks.machine import machine_checks
from reassay.hosted.credentials import Credentials
from reassay.hosted.settings import HostingSettings
from tests.hosted.hosted_lab import PEM

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
APP = AppIdentity(7, PEM, "hook-secret", "Iv1.x", "client-secret", "lab-reassay")
PUBLIC = "https://reassay.example.com"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> HostingSettings:
    return HostingSettings(tmp_path / "data", port=free_port())


@pytest.fixture
def complete(settings: HostingSettings) -> HostingSettings:
    Credentials(settings.data).keep(APP)
    Credentials(settings.data).ledger_key()
    (settings.data / "backed-up").touch()
    return replace(settings, public_url=PUBLIC, operators=("safety-lead",))


def by_id(settings: HostingSettings) -> dict[str, Check]:
    return {check.id: check for check in machine_checks(settings, datetime.now(UTC))}


def standings(settings: HostingSettings) -> dict[str, str]:
    return {name: check.standing for name, check in by_id(settings).items()}


def test_a_machine_before_set_up_is_fine_and_stays_as_it_is(settings: HostingSettings, tmp_path: Path) -> None:
    assert set(standings(settings).values()) == {"ok", "unknown"}
    assert not list(tmp_path.iterdir())


def test_a_complete_one_is_ok_throughout(complete: HostingSettings) -> None:
    assert set(standings(complete).values()) == {"ok"}


def open_folder(settings: HostingSettings) -> HostingSettings:
    settings.data.chmod(0o755)
    return settings


def no_key(settings: HostingSettings) -> HostingSettings:
    (settings.data / "ledger-key.pem").unlink()
    return settings


def odd_key(settings: HostingSettings) -> HostingSettings:
    (settings.data / "ledger-key.pem").write_text("no key")
    return settings


def odd_app(settings: HostingSettings) -> HostingSettings:
    Credentials(settings.data).keep(replace(APP, key="no key"))
    return settings


def broken_app_file(settings: HostingSettings) -> HostingSettings:
    (settings.data / "app.json").write_text("{")
    return settings


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        (open_folder, "folder", "other accounts may read it"),
        (no_key, "ledger-key", "No ledger key is configured"),
        (odd_key, "ledger-key", "key"),
        (odd_app, "app", "private key cannot be read"),
        (broken_app_file, "app", "the file is not valid"),
        (lambda given: replace(given, operators=()), "operators", "There are no operators"),
        (lambda given: replace(given, app=AppIdentity(7, PEM, "s")), "sign-in", "no client id"),
        (lambda given: replace(given, app=AppIdentity(7, PEM, "s"), host="0.0.0.0"), "address", "sign-in is not"),
        (
            lambda given: replace(given, database_url="postgresql://a:hidden@127.0.0.1:9/x"),
            "database",
            "did not answer",
        ),
    ],
)
def test_each_fault_is_weak_and_says_what_to_do(
    complete: HostingSettings, change: Callable[[HostingSettings], HostingSettings], check: str, words: str
) -> None:
    finding = by_id(change(complete))[check]
    assert (finding.standing, words in finding.what) == ("weak", True), finding
    assert finding.mend
    assert "hidden" not in str(finding)


@pytest.mark.slow
def test_a_port_that_another_program_has_is_weak(complete: HostingSettings) -> None:
    with socket.create_server(("127.0.0.1", complete.port)):
        finding = by_id(complete)["port"]
    assert finding.standing == "weak"
    assert "cannot be used" in finding.what


def test_a_port_that_a_reassay_server_has_is_fine(complete: HostingSettings) -> None:
    class Alive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"alive\n")

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", complete.port), Alive)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        finding = by_id(complete)["port"]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert finding.standing == "ok"
    assert "answers" in finding.what


@pytest.mark.parametrize(
    ("days_ago", "changed_since", "standing", "words"),
    [
        (None, False, "weak", "No backup"),
        (3, False, "ok", "3 days ago"),
        (0, False, "ok", "today"),
        (3, True, "weak", "ledger-key.pem changed after the last backup"),
        (181, False, "weak", "181 days ago"),
    ],
)
def test_the_backup_is_as_old_as_its_mark(
    complete: HostingSettings, days_ago: int | None, changed_since: bool, standing: str, words: str
) -> None:
    def set_time(name: str, days: float) -> None:
        at = (NOW - timedelta(days=days)).timestamp()
        utime(complete.data / name, (at, at))

    set_time("app.json", 400)
    set_time("ledger-key.pem", 1 if changed_since else 400)
    if days_ago is None:
        (complete.data / "backed-up").unlink()
    else:
        set_time("backed-up", days_ago)
    finding = backup_check(complete, NOW)
    assert (finding.standing, words in finding.what) == (standing, True), finding


def test_a_clock_may_be_a_minute_off() -> None:
    assert clock_check("c", "GitHub", NOW + timedelta(seconds=59), NOW).standing == "ok"
    assert clock_check("c", "GitHub", NOW - timedelta(seconds=61), NOW).standing == "weak"
