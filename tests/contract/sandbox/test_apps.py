"""Apps on the sandbox: installations, tokens and deliveries as GitHub has them, for clients that are not ours."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reassay_sandbox import Sandbox

KEY = generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
RIGHTS = {"metadata": "read", "contents": "write", "issues": "write"}


class Receiver:
    """A server that keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 202
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def app(box: Sandbox, receiver: Receiver) -> int:
    box.add_user("safety-lead")
    for name in ("lab/framework", "lab/other", "elsewhere/framework"):
        box.add_repo(name, files={"README.md": b"x"}, collaborators={"safety-lead": "write"})
    return box.add_app(
        "own", PUBLIC, "lab/framework", RIGHTS, events=("issues", "push"), hook_url=receiver.url, hook_secret="s3cret"
    )


def as_app(box: Sandbox, app: int, method: str, path: str, **more: object) -> httpx.Response:
    now = box.clock.now().timestamp()
    token = jwt.encode({"iss": str(app), "iat": int(now), "exp": int(now) + 300}, PEM, "RS256")
    headers = {"authorization": f"Bearer {token}", "user-agent": "test", "x-github-api-version": "2022-11-28"}
    return httpx.request(method, f"{box.api_url}{path}", headers=headers, **more)  # type: ignore[arg-type] # options of the client


def test_what_happens_is_delivered_signed_to_the_app_that_is_installed_there(
    box: Sandbox, app: int, receiver: Receiver
) -> None:
    box.hooks.settle()
    receiver.got.clear()
    box.repo("lab/framework").open_issue_as("safety-lead", "A title")
    box.repo("lab/other").open_issue_as("safety-lead", "Not installed there")
    box.hooks.settle()
    ((headers, body),) = receiver.got
    assert headers["x-hub-signature-256"] == "sha256=" + hmac.digest(b"s3cret", body, hashlib.sha256).hex()
    assert headers["x-github-event"] == "issues"
    assert headers["x-github-hook-installation-target-id"] == str(app)
    payload = json.loads(body)
    assert payload["installation"]["id"] in box.dispatcher.apps[app].installations
    assert payload["repository"]["full_name"] == "lab/framework"


def test_installing_more_and_less_is_delivered(box: Sandbox, app: int, receiver: Receiver) -> None:
    number = box.install(app, "lab/other")
    box.take_away(app, "lab/other")
    box.suspend(app, number)
    box.uninstall(app, number)
    box.hooks.settle()
    told = [(headers["x-github-event"], json.loads(body)["action"]) for headers, body in receiver.got]
    assert told == [
        ("installation", "created"),
        ("installation_repositories", "added"),
        ("installation_repositories", "removed"),
        ("installation", "suspend"),
        ("installation", "deleted"),
    ]


def test_a_token_opens_what_it_was_asked_for_and_for_an_hour(box: Sandbox, app: int) -> None:
    (installation,) = box.dispatcher.apps[app].installations
    path = f"/app/installations/{installation}/access_tokens"
    made = as_app(box, app, "POST", path, json={"permissions": {"issues": "write"}})
    token = made.json()["token"]

    def read(name: str) -> int:
        headers = {"authorization": f"token {token}", "user-agent": "t", "x-github-api-version": "2022-11-28"}
        return httpx.get(f"{box.api_url}/repos/{name}", headers=headers).status_code

    assert (made.status_code, read("lab/framework"), read("lab/other"), read("elsewhere/framework")) == (
        201,
        200,
        404,
        404,
    )
    box.clock.advance(timedelta(minutes=61))
    assert read("lab/framework") == 401
    for wanted in ({"repositories": ["other"]}, {"permissions": {"administration": "write"}}):
        assert as_app(box, app, "POST", path, json=wanted).status_code == 422
    box.suspend(app, installation)
    assert as_app(box, app, "POST", path, json={}).status_code == 403
    assert as_app(box, app, "GET", "/app/installations").json()[0]["suspended_at"]


def test_the_log_of_deliveries_is_paged_and_a_failed_one_can_be_had_again(
    box: Sandbox, app: int, receiver: Receiver
) -> None:
    box.hooks.settle()
    box.hooks.lose = 1
    box.repo("lab/framework").open_issue_as("safety-lead", "Lost")
    box.repo("lab/framework").open_issue_as("safety-lead", "Not lost")
    box.hooks.settle()
    first = as_app(box, app, "GET", "/app/hook/deliveries?per_page=2")
    assert [each["status_code"] for each in first.json()] == [202, 0]
    assert 'rel="next"' in first.headers["link"]
    lost = first.json()[1]
    assert as_app(box, app, "POST", f"/app/hook/deliveries/{lost['id']}/attempts").status_code == 202
    box.hooks.settle()
    newest = as_app(box, app, "GET", "/app/hook/deliveries?per_page=1").json()[0]
    assert (newest["guid"], newest["redelivery"], newest["status_code"]) == (lost["guid"], True, 202)
    assert json.loads(receiver.got[-1][1])["issue"]["title"] == "Lost"


def test_deliveries_come_twice_held_back_and_in_another_order(box: Sandbox, app: int, receiver: Receiver) -> None:
    box.hooks.settle()
    receiver.got.clear()
    box.hooks.twice, box.hooks.held = 1, True
    for number in range(3):
        box.repo("lab/framework").open_issue_as("safety-lead", f"Issue {number}")
    assert not receiver.got
    box.hooks.release()
    box.hooks.settle()
    assert len(receiver.got) == 4
    assert len({headers["x-github-delivery"] for headers, _ in receiver.got}) == 3


@pytest.mark.complaints_expected
def test_what_proves_no_app_gets_nothing(box: Sandbox, app: int) -> None:
    other = generate_private_key(public_exponent=65537, key_size=2048)
    token = jwt.encode(
        {"iss": str(app)}, other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "RS256"
    )
    headers = {"authorization": f"Bearer {token}", "user-agent": "t", "x-github-api-version": "2022-11-28"}
    for path in ("/app", "/app/installations", "/app/hook/deliveries"):
        assert httpx.get(f"{box.api_url}{path}", headers=headers).status_code == 401


def test_a_delivery_is_shown_whole_with_what_was_answered(box: Sandbox, app: int, receiver: Receiver) -> None:
    box.hooks.settle()
    receiver.status = 503
    box.repo("lab/framework").open_issue_as("safety-lead", "A title")
    box.hooks.settle()
    failed = as_app(box, app, "GET", "/app/hook/deliveries?status=failure").json()
    assert [each["event"] for each in failed] == ["issues"]
    shown = as_app(box, app, "GET", f"/app/hook/deliveries/{failed[0]['id']}").json()
    assert (shown["status_code"], shown["status"], shown["url"]) == (503, "Service Unavailable", receiver.url)
    assert shown["request"]["payload"]["issue"]["title"] == "A title"
    assert shown["request"]["headers"]["X-GitHub-Delivery"] == shown["guid"]
    assert shown["response"]["headers"]["content-length"] == "0"
    assert as_app(box, app, "GET", "/app/hook/deliveries/1234567").status_code == 404


def test_some_deliveries_leave_no_trace_at_all(box: Sandbox, app: int, receiver: Receiver) -> None:
    box.hooks.settle()
    before = len(receiver.got)
    box.hooks.vanish = 1
    for title in ("Gone", "There"):
        box.repo("lab/framework").open_issue_as("safety-lead", title)
    box.hooks.settle()
    assert [json.loads(body)["issue"]["title"] for _, body in receiver.got[before:]] == ["There"]
    assert len(as_app(box, app, "GET", "/app/hook/deliveries").json()) == before + 1


def test_where_deliveries_go_can_be_changed(box: Sandbox, app: int, receiver: Receiver) -> None:
    config = as_app(box, app, "GET", "/app/hook/config").json()
    assert (config["url"], config["content_type"], config["secret"]) == (receiver.url, "json", "********")
    box.hooks.settle()
    as_app(box, app, "PATCH", "/app/hook/config", json={"secret": "another"})
    box.repo("lab/framework").open_issue_as("safety-lead", "A title")
    box.hooks.settle()
    headers, body = receiver.got[-1]
    assert headers["x-hub-signature-256"] == "sha256=" + hmac.digest(b"another", body, hashlib.sha256).hex()


def test_a_proof_that_would_hold_for_longer_than_github_takes_is_refused(box: Sandbox, app: int) -> None:
    now = int(box.clock.now().timestamp())
    token = jwt.encode({"iss": str(app), "iat": now, "exp": now + 3600}, PEM, "RS256")
    headers = {"authorization": f"Bearer {token}", "user-agent": "t", "x-github-api-version": "2022-11-28"}
    assert httpx.get(f"{box.api_url}/app", headers=headers).status_code == 401


def test_installations_are_paged_and_have_accounts_of_their_own(box: Sandbox, app: int) -> None:
    box.install(app, "elsewhere/framework")
    first = as_app(box, app, "GET", "/app/installations?per_page=1")
    second = as_app(box, app, "GET", first.links["next"]["url"].removeprefix(box.api_url))
    accounts = [each["account"] for page in (first, second) for each in page.json()]
    assert [each["login"] for each in accounts] == ["lab", "elsewhere"]
    assert len({each["id"] for each in accounts}) == 2
    assert "next" not in second.links


def test_a_ping_concerns_no_installation(box: Sandbox, app: int, receiver: Receiver) -> None:
    box.hooks.settle()
    box.ping(app)
    box.hooks.settle()
    headers, body = receiver.got[-1]
    assert (headers["x-github-event"], json.loads(body)["hook"]["app_id"]) == ("ping", app)
    assert as_app(box, app, "GET", "/app/hook/deliveries?per_page=1").json()[0]["installation_id"] is None


def test_an_owner_has_one_id_wherever_it_is_named(box: Sandbox, app: int, receiver: Receiver) -> None:
    box.repo("lab/framework").open_issue_as("safety-lead", "A title")
    box.hooks.settle()
    owner = json.loads(receiver.got[-1][1])["repository"]["owner"]
    (installation,) = as_app(box, app, "GET", "/app/installations").json()
    assert (owner["login"], owner["id"]) == ("lab", installation["account"]["id"])
