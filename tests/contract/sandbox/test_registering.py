"""The manifest flow, installing, signing in and buttons under checks, as a browser and a program go through them."""

import base64
import hashlib
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from reassay_sandbox import Sandbox
from tests.contract.sandbox.test_apps import PUBLIC, RIGHTS

CALLBACK = "http://127.0.0.1:8321/sign-in/callback"
MANIFEST: dict[str, object] = {
    "name": "my reassay",
    "url": "https://example.com",
    "hook_attributes": {"url": "http://127.0.0.1:9/webhook"},
    "redirect_url": "http://127.0.0.1:8321/setup/created",
    "callback_urls": [CALLBACK],
    "setup_url": "http://127.0.0.1:8321/setup/installed",
    "public": False,
    "default_permissions": {"contents": "write", "issues": "write"},
    "default_events": ["push", "issues"],
}


def confirm(box: Sandbox, page: httpx.Response, **chosen: str) -> httpx.Response:
    """Presses the button of a page."""
    action = re.search(r'<form method="post" action="(?P<to>[^"]+)" class="card', page.text)
    assert action, page.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text.split('class="card')[1])
    form = {name: unescape(value) for name, value in hidden} | chosen
    return httpx.post(f"{box.url}{action['to']}", data=form)


def query(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def registered(box: Sandbox) -> dict[str, object]:
    page = httpx.post(f"{box.url}/settings/apps/new?state=abc", data={"manifest": json.dumps(MANIFEST)})
    assert "contents: write" in page.text
    back = query(confirm(box, page))
    assert back["state"] == "abc"
    headers = {"user-agent": "t", "x-github-api-version": "2022-11-28"}
    url = f"{box.api_url}/app-manifests/{back['code']}/conversions"
    made = httpx.post(url, headers=headers)
    assert (made.status_code, httpx.post(url, headers=headers).status_code) == (201, 404)
    return dict(made.json())


def test_an_app_is_made_from_a_manifest_and_installed(box: Sandbox) -> None:
    box.add_repo("lab/framework", files={"README.md": b"x"})
    made = registered(box)
    assert str(made["pem"]).startswith("-----BEGIN RSA PRIVATE KEY-----")
    page = httpx.get(f"{box.url}/apps/{made['slug']}/installations/new")
    back = query(confirm(box, page, repository="lab/framework"))
    assert back["setup_action"] == "install"
    assert int(back["installation_id"]) in box.dispatcher.apps[int(str(made["id"]))].installations


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 40},
        {"default_permissions": {"everything": "write"}},
        {"default_events": ["check_run"]},
    ],
)
def test_a_manifest_that_github_would_refuse_makes_no_app(box: Sandbox, change: dict[str, object]) -> None:
    page = httpx.post(f"{box.url}/settings/apps/new", data={"manifest": json.dumps(MANIFEST | change)})
    assert confirm(box, page).status_code == 404
    assert not box.dispatcher.apps


def test_people_sign_in_and_see_what_they_may_read(box: Sandbox) -> None:
    for login in ("safety-lead", "auditor"):
        box.add_user(login)
    box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "write"})
    made = registered(box)
    box.install(int(str(made["id"])), "lab/framework")
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": str(made["client_id"]),
        "redirect_uri": CALLBACK,
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    seen = {}
    for login in ("safety-lead", "auditor"):
        page = httpx.get(f"{box.url}/login/oauth/authorize", params=asked)
        code = query(confirm(box, page, **{"as": login}))["code"]
        form = {"client_id": made["client_id"], "client_secret": made["client_secret"], "code": code}
        url = f"{box.url}/login/oauth/access_token"
        token = httpx.post(url, data=form | {"code_verifier": verifier}).json()["access_token"]
        assert "error" in httpx.post(url, data=form | {"code_verifier": verifier}).json()
        headers = {"authorization": f"Bearer {token}", "user-agent": "t", "x-github-api-version": "2022-11-28"}
        assert httpx.get(f"{box.api_url}/user", headers=headers).json()["login"] == login
        installations = httpx.get(f"{box.api_url}/user/installations", headers=headers).json()["installations"]
        seen[login] = [
            each["full_name"]
            for one in installations
            for each in httpx.get(f"{box.api_url}/user/installations/{one['id']}/repositories", headers=headers).json()[
                "repositories"
            ]
        ]
    assert seen == {"safety-lead": ["lab/framework"], "auditor": []}


def test_a_redirect_that_was_not_declared_is_refused(box: Sandbox) -> None:
    made = registered(box)
    asked = {"client_id": str(made["client_id"]), "redirect_uri": "https://evil.example.com/"}
    assert httpx.get(f"{box.url}/login/oauth/authorize", params=asked).status_code == 404


def test_a_button_under_a_check_tells_the_app(box: Sandbox) -> None:
    box.add_user("safety-lead")
    repo = box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "write"})
    repo.commit({"a": b"1"}, branch="change")
    number = repo.open_pull_as("safety-lead", "change")
    app = box.add_app("own", PUBLIC, "lab/framework", RIGHTS | {"checks": "write"})
    token = box.token("own[bot]", "lab/framework", permissions={"checks": "write"})
    document = "mutation Publish($i: CreateCheckRunInput!) { createCheckRun(input: $i) { checkRun { databaseId } } }"
    wanted = {
        "repositoryId": f"R_{box.dispatcher.store.find('lab/framework').id}",  # type: ignore[union-attr] # it is there
        "name": "reassay/main",
        "headSha": repo.pull_head(number),
        "status": "COMPLETED",
        "conclusion": "SUCCESS",
        "actions": [{"label": "Re-evaluate", "description": "Judge it again", "identifier": "re-evaluate"}],
    }
    headers = {"authorization": f"bearer {token}", "user-agent": "t"}
    made = httpx.post(f"{box.url}/api/graphql", json={"query": document, "variables": {"i": wanted}}, headers=headers)
    check = made.json()["data"]["createCheckRun"]["checkRun"]["databaseId"]
    told: list[tuple[str, dict[str, object]]] = []
    box.on_event(lambda name, payload: told.append((name, payload)))
    page = httpx.get(f"{box.url}/lab/framework/runs/{check}")
    httpx.post(f"{box.url}/lab/framework/runs/{check}", data={"as": "safety-lead", "do": "re-evaluate"})
    ((name, payload),) = told
    assert "Re-evaluate" in page.text
    assert (name, payload["action"], payload["requested_action"]) == (
        "check_run",
        "requested_action",
        {"identifier": "re-evaluate"},
    )
    assert [each["number"] for each in payload["check_run"]["pull_requests"]] == [number]  # type: ignore[index] # a payload
    assert app
