"""`reassay doctor --server` on a running server: behind good and bad proxies, with https, and against GitHub."""

import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reassay.common.clock import SystemClock
from reassay.doctor.checks.base import Check
from reassay.hosted.checks.outside import ServerProbe
from reassay.hosted.checks.server_doctor import diagnose_server
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database
from reassay.hosted.settings import HostingSettings
from reassay_sandbox import Sandbox
from tests.hosted.web.browsing import LAB, WebLab
from tests.hosted.web.serving import Serving, proxy, serving
from tests.hosted.web.test_proxies import PATH, ROOT, free_port

PROCESS_SECONDS = 150.0
"""A start of Python on a busy machine."""


@pytest.fixture
def here(lab: WebLab, box: Sandbox, tmp_path: Path) -> HostingSettings:
    """Settings of a server with an App whose webhook points to it, on one repository. The sandbox's clock is right."""
    box.clock.move_to(datetime.now(UTC))
    settings = HostingSettings(
        tmp_path / "data", api_url=box.api_url, server_url=box.url, port=free_port(), concurrency=0, app=lab.made()
    )
    Credentials(settings.data).ledger_key()
    lab.install(settings.app.id if settings.app else 0, LAB)
    return settings


@contextmanager
def running(box: Sandbox, database: Database, settings: HostingSettings, public: str) -> Iterator[Serving]:
    (app,) = box.dispatcher.apps.values()
    app.hook_url, app.hook_secret = f"{public}/webhook", "a-hook-secret"
    with serving(box, database, replace(settings, public_url=public)) as console:
        yield console


def weak(checks: tuple[Check, ...]) -> dict[str, str]:
    return {check.id: check.what for check in checks if check.standing == "weak"}


def look(settings: HostingSettings, public: str) -> dict[str, Check]:
    return {check.id: check for check in diagnose_server(settings, public, SystemClock()).checks}


@pytest.mark.long
def test_a_good_server_is_ok_as_far_as_can_be_seen(here: HostingSettings, box: Sandbox, database: Database) -> None:
    with proxy(here.port) as outside:
        public = f"http://127.0.0.1:{outside}{PATH}"
        with running(box, database, here, public):
            found = look(here, public)
    assert {name for name, check in found.items() if check.standing != "ok"} == {"https", "rights", "backup"}
    assert {"reachable", "host", "path", "webhook", "body-size", "server-clock", "github-clock", "version", "ready",
            "ledger-key", "app-on-github", "hook-url", "ledger-key-in-force"} <= set(found)  # fmt: skip
    # The sandbox's App was made with fewer rights than the manifest asks for.
    assert "lacks" in found["rights"].what


@pytest.mark.long
def test_another_path_than_the_configured_one_is_noticed(
    here: HostingSettings, box: Sandbox, database: Database
) -> None:
    with proxy(here.port, strip="/other") as outside:
        base = f"http://127.0.0.1:{outside}"
        with running(box, database, here, f"{base}{PATH}"):
            found = look(here, f"{base}/other")
    assert found["path"].standing == "weak"
    assert found["hook-url"].standing == "weak"
    assert found["webhook"].standing == "ok"


@pytest.mark.long
@pytest.mark.parametrize(
    ("host", "keeps_host", "largest", "configured", "wanted"),
    [
        # The whole of 127/8 is this machine, and only 127.0.0.1 is a name that needs no configuration.
        ("127.0.0.2", True, 0, "http://127.0.0.2:{port}", set[str]()),
        ("127.0.0.2", True, 0, "http://127.0.0.3:{port}", {"host"}),
        ("127.0.0.2", False, 0, "http://127.0.0.2:{port}", {"host-passed-on"}),
        ("127.0.0.2", True, 1_000_000, "http://127.0.0.2:{port}", {"body-size"}),
    ],
)
def test_each_fault_of_a_proxy_has_its_finding(
    here: HostingSettings,
    box: Sandbox,
    database: Database,
    host: str,
    keeps_host: bool,
    largest: int,
    configured: str,
    wanted: set[str],
) -> None:
    with (
        proxy(here.port, keeps_host=keeps_host, largest=largest, address=host) as port,
        running(box, database, here, configured.format(port=port)),
        httpx.Client() as http,
    ):
        checks = ServerProbe(http, f"http://{host}:{port}").look(datetime.now(UTC)).checks
    assert set(weak(checks)) == wanted | {"https"}
    assert all(check.mend for check in checks if check.standing == "weak")


@pytest.mark.long
def test_another_app_another_key_and_no_app_are_told_apart(
    here: HostingSettings, box: Sandbox, database: Database, tmp_path: Path
) -> None:
    with proxy(here.port) as outside:
        public = f"http://127.0.0.1:{outside}"
        with running(box, database, here, public):
            assert here.app is not None
            other = replace(here, data=tmp_path / "other", app=replace(here.app, id=here.app.id + 1))
            Credentials(other.data).ledger_key()
            found = look(other, public)
            assert found["webhook"].what == f"The server is not App {here.app.id + 1}."
            assert found["ledger-key"].standing == "weak"
            assert found["app-on-github"].standing == "weak"
            nothing = look(replace(here, data=tmp_path / "none", app=None), public)
    assert nothing["webhook"].standing == "ok"
    assert nothing["app-on-github"].standing == "unknown"
    assert not weak(tuple(nothing.values()))


def test_what_is_no_server_is_one_finding() -> None:
    with httpx.Client() as http:
        for url in (f"http://127.0.0.1:{free_port()}", "http://no-such-name.invalid"):
            (check,) = ServerProbe(http, url).look(datetime.now(UTC)).checks
            assert (check.id, check.standing) == ("reachable", "weak")


def certificate(folder: Path, days: int) -> Path:
    """A certificate of its own for 127.0.0.1, valid for so many days."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + pem)
    return file


@pytest.mark.long
def test_https_is_checked_with_the_end_of_its_certificate_by_the_real_command(
    here: HostingSettings, box: Sandbox, database: Database, tmp_path: Path
) -> None:
    file = certificate(tmp_path, 5)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    with proxy(here.port, tls=tls) as outside:
        public = f"https://127.0.0.1:{outside}"
        with running(box, database, here, public):
            environment = {"PATH": os.environ["PATH"], "REASSAY_DATA_DIR": str(tmp_path / "none")}
            trusted = doctor(public, {**environment, "SSL_CERT_FILE": str(file)})
            assert (trusted["https"][0], trusted["reachable"][0]) == ("weak", "ok")
            assert trusted["webhook"][0] == "ok"
            untrusted = doctor(public, environment)
    assert untrusted["reachable"][0] == "weak"
    assert "certificate" in untrusted["reachable"][1].lower()


def doctor(url: str, environment: dict[str, str]) -> dict[str, tuple[str, str, str]]:
    command = [sys.executable, "-m", "reassay", "doctor", "--server", url, "--format", "json"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PROCESS_SECONDS, check=False
    )
    document = json.loads(done.stdout)
    assert document["schema"] == "reassay/server-checks/v1"
    rows = {row["id"]: (row["standing"], row["what"], row["mend"]) for row in document["checks"]}
    assert done.returncode == int(any(standing == "weak" for standing, *_ in rows.values())), done.stderr
    return rows


@pytest.mark.long
def test_the_real_server_before_set_up_raises_no_alarm_and_shows_its_address(url: str, tmp_path: Path) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}{PATH}"
    environment = {
        "PATH": os.environ["PATH"],
        "REASSAY_DATA_DIR": str(tmp_path / "data"),
        "REASSAY_DATABASE_URL": url,
        "REASSAY_PUBLIC_URL": public,
        "PYTHONUNBUFFERED": "1",
    }
    checked = subprocess.run(
        [sys.executable, "-m", "reassay", "serve", "--check", "--port", str(port)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PROCESS_SECONDS, check=False,
    )  # fmt: skip
    assert "weak" in checked.stdout.splitlines()[0]
    command = [sys.executable, "-m", "reassay", "serve", "--port", str(port)]
    with (
        (tmp_path / "out").open("wb") as out,
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=log) as process,
    ):
        try:
            for _ in range(600):
                if "/setup?code=" in (tmp_path / "out").read_text():
                    break
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.05)
            rows = doctor(public, environment)
            with httpx.Client(headers={"accept": "text/html"}, follow_redirects=True) as browser:
                missing = browser.get(f"{public}/nowhere")
                front = browser.get(f"{public}/")
        finally:
            process.terminate()
    assert rows["ready-app"][0] == "weak"
    assert not [name for name in rows if name.startswith("ready-") and name != "ready-app"]
    assert "No App is set up" in rows["webhook"][1]
    assert all("printed" in fix for fix in (rows["webhook"][2], rows["ready-app"][2])), "both lead to the set-up page"
    assert (missing.status_code, front.status_code) == (404, 403)
    assert "There is no page at this address" in missing.text
    assert "<nav>" in missing.text
    lines = (tmp_path / "out").read_text().splitlines()
    assert [line for line in lines if "/setup?code=" in line] == [
        f"  {word}" for word in re.findall(r"\S+/setup\?code=\S+", "\n".join(lines))
    ]
    logged = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert not [line for line in logged if "color_message" in line or line["event"] == "request"]
    assert not [line for line in logged if line.get("level") == "error"]
