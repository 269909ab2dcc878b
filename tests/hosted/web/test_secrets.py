"""Nothing secret is shown: not in a page, an answer, an address, a log, a repr or a traceback."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from reassay.github.app_types import AppIdentity
from reassay.hosted.job_services import log_job
from reassay.hosted.jobs.reconcile import RetryLater
from reassay.hosted.rules.subject import Job, JobSubject
from reassay.hosted.web.logs import HIDDEN, configure, logger, redacted
from tests.hosted.web.browsing import BASE, LAB, WebLab, query, target

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure(stream, lambda: ("a-known-secret",), logging.DEBUG)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_the_whole_way_shows_no_secret_anywhere(
    started: WebLab, written: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = started.browser()
    back = started.make_app(browser)
    answers = [browser.get(back), browser.get("/setup"), browser.get(back)]
    app = started.web.dependencies.current.app
    assert app is not None
    started.install(app.id, LAB)
    person = started.browser()
    callback = started.sign_in(person, "safety-lead")
    answers += [
        callback,
        *(
            person.get(path)
            for path in ("/", "/docs", "/metrics", "/readyz", "/nothing", f"/api/v1/repositories/{LAB}/status")
        ),
    ]
    answers += [person.get(f"/api/v1/repositories/{LAB}/explain?subject=jailbreak-filter")]
    key = (started.settings.data / "ledger-key.pem").read_text()
    tokens = [
        json.loads(each.response_body)["token"] for each in started.box.traffic if each.path.endswith("/access_tokens")
    ]
    users = [
        json.loads(each.response_body)["access_token"]
        for each in started.box.traffic
        if each.path.endswith("/access_token")
    ]
    assert tokens
    assert users
    secrets = [*app.secrets, key, key.splitlines()[1], app.key.splitlines()[1], *tokens, *users]
    only_in_cookies = [person.cookies["reassay-session"], browser.cookies["reassay-setup"]]
    addresses = [each.path + "?" + each.query for each in started.box.traffic]
    shown = "\n".join(
        [
            *(each.text for each in answers),
            *(str(each.headers.get("location")) for each in answers),
            *addresses,
            written.getvalue(),
            *capfd.readouterr(),
            repr(started.web.dependencies),
            repr(app),
            repr(started.web.dependencies.setup_code),
        ]
    )
    assert [each[:12] for each in (*secrets, *only_in_cookies) if each in shown] == []
    logged = written.getvalue()
    assert query(back)["code"] not in logged
    assert started.web.dependencies.setup_code.code not in logged
    assert "safety-lead" not in logged


def test_each_request_is_one_line_with_its_route_and_never_its_address(ready: WebLab, written: io.StringIO) -> None:
    ready.signed_in("safety-lead").get(f"/api/v1/repositories/{LAB}/explain?subject=my-words")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (line,) = [each for each in lines if each.get("route", "").endswith("/explain")]
    assert {
        "event": "request",
        "level": "info",
        "method": "GET",
        "status": 404,
        "logger": "reassay.web",
    }.items() <= line.items()
    assert line["milliseconds"] >= 0
    assert "my-words" not in written.getvalue()


def test_ids_of_what_it_is_about_stand_in_every_line(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(delivery="d-1", subject="pull:5", repository=7):
        logger("reassay.jobs").info("done", actions=2)
        logging.getLogger("reassay.jobs").warning("%s waits", "pull:5")
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert (first["event"], first["actions"], first["delivery"], first["repository"]) == ("done", 2, "d-1", 7)
    assert (second["event"], second["level"], second["subject"]) == ("pull:5 waits", "warning", "pull:5")


def test_a_run_of_a_job_is_one_line_with_its_ids(written: io.StringIO) -> None:
    log_job(Job(JobSubject(7, "pull", 5), attempt=1), RetryLater("GitHub answered 502", counts=False), None)
    line = json.loads(written.getvalue())
    assert (line["repository"], line["subject"], line["attempt"], line["level"]) == (7, "pull:5", 2, "warning")


def test_a_traceback_is_one_line_without_secrets_or_values_of_variables(written: io.StringIO) -> None:
    def broken() -> None:
        local = "value-of-a-variable"
        raise RuntimeError(f"a-known-secret {PEM} {len(local)}")

    try:
        broken()
    except RuntimeError:
        logger("x").exception("fault")
    (line,) = written.getvalue().splitlines()
    assert "RuntimeError" in json.loads(line)["exception"]
    assert not [each for each in ("a-known-secret", "MIIEp", "value-of-a-variable") if each in line]


@pytest.mark.parametrize(
    "text",
    [
        "ghs_0123456789abcdefABCDEF",
        "ghu_0123456789abcdefABCDEF",
        "github_pat_0123456789abcdefABCDEF",
        "v1." + "0" * 40,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
        "postgresql://reassay:hunter2hunter2@host/db",
        "/setup?code=abcdefghij",
        "/app-manifests/abcdefghij/conversions",
        "Authorization: Bearer abcdefghij",
        PEM,
        json.dumps(PEM),
        PEM.rpartition("-----END")[0],
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    shown = redacted(f"before {text} after")
    assert HIDDEN in shown
    assert not [
        each for each in ("0123456789", "0000000000", "c2lnbmF0dXJl", "hunter2", "abcdefghij", "MIIEp") if each in shown
    ]
    assert shown.startswith("before")


def test_what_is_no_secret_stays() -> None:
    for text in (
        "commit 0123456789abcdef0123456789abcdef01234567",
        "https://github.com/example-lab/framework",
        "pull:5",
    ):
        assert redacted(text, ("", "abc")) == text


def test_an_identity_shows_nothing_in_a_repr() -> None:
    assert (
        repr(AppIdentity(1, PEM, "hook-secret", "Iv1.x", "client-secret", "slug"))
        == "AppIdentity(id=1, client_id='Iv1.x', slug='slug')"
    )


def test_the_printed_address_is_the_only_one_with_a_code(started: WebLab) -> None:
    assert started.web.address.startswith(f"{BASE}/setup?code=")
    assert target(started.browser().get(started.web.address.removeprefix(BASE))) == "/setup"
