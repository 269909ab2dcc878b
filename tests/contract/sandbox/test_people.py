"""Tokens of people: what they show, and what they never do, for clients that are not ours."""

from datetime import timedelta

import httpx
import pytest

from reassay_sandbox import Sandbox
from tests.contract.sandbox.test_apps import PUBLIC, RIGHTS


@pytest.fixture
def app(box: Sandbox) -> int:
    for login in ("safety-lead", "auditor"):
        box.add_user(login)
    box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "write"})
    box.add_repo("lab/other", files={"README.md": b"x"}, collaborators={"Safety-Lead": "read", "auditor": "read"})
    box.add_repo("lab/elsewhere", files={"README.md": b"x"}, collaborators={"safety-lead": "admin"})
    made = box.add_app("own", PUBLIC, "lab/framework", RIGHTS)
    box.install(made, "lab/other")
    return made


def get(box: Sandbox, token: str, path: str, **query: int) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "user-agent": "t", "x-github-api-version": "2022-11-28"}
    return httpx.get(f"{box.api_url}{path}", params=query, headers=headers)


def listed(box: Sandbox, token: str) -> list[str]:
    return [
        each["full_name"]
        for one in get(box, token, "/user/installations").json()["installations"]
        for each in get(box, token, f"/user/installations/{one['id']}/repositories").json()["repositories"]
    ]


def test_somebody_who_signed_in_sees_what_both_they_and_the_app_may_read(box: Sandbox, app: int) -> None:
    lead, auditor = box.sign_in(app, "safety-lead"), box.sign_in(app, "auditor")
    assert get(box, lead, "/user").json()["login"] == "safety-lead"
    assert (listed(box, lead), listed(box, auditor)) == (["lab/framework", "lab/other"], ["lab/other"])
    seen = [get(box, auditor, f"/repos/lab/{name}").status_code for name in ("framework", "other", "elsewhere")]
    assert seen == [404, 200, 404]
    assert get(box, lead, "/repos/lab/elsewhere").status_code == 404
    assert get(box, lead, "/repos/lab/other/branches", per_page=1).json()[0]["name"] == "main"


def test_rights_that_are_taken_away_end_at_once_and_tokens_after_eight_hours(box: Sandbox, app: int) -> None:
    token = box.sign_in(app, "auditor")
    box.repo("lab/other").allow("auditor", None)
    assert (listed(box, token), get(box, token, "/repos/lab/other").status_code) == ([], 404)
    box.repo("lab/other").allow("auditor", "read")
    box.take_away(app, "lab/other")
    assert get(box, token, "/repos/lab/other").status_code == 404
    box.clock.advance(timedelta(hours=8))
    assert [get(box, token, path).status_code for path in ("/user", "/user/installations", "/rate_limit")] == [401] * 3


def test_a_personal_token_reads_what_its_owner_may_and_writes_nothing(box: Sandbox, app: int) -> None:
    token = box.personal_token("safety-lead")
    seen = [get(box, token, f"/repos/lab/{name}/branches").status_code for name in ("framework", "other", "elsewhere")]
    assert (seen, get(box, token, "/rate_limit").status_code) == ([200, 200, 200], 200)
    assert get(box, box.personal_token("auditor"), "/repos/lab/framework").status_code == 404
    assert get(box, "made-up", "/rate_limit").status_code == 401


def test_pages_lead_to_the_next_one(box: Sandbox, app: int) -> None:
    token = box.sign_in(app, "safety-lead")
    (where,) = get(box, token, "/user/installations").json()["installations"]
    path = f"/user/installations/{where['id']}/repositories"
    first = get(box, token, path, per_page=1)
    second = httpx.get(first.links["next"]["url"], headers=first.request.headers)
    names = [each["full_name"] for page in (first, second) for each in page.json()["repositories"]]
    assert (names, "next" in second.links) == (["lab/framework", "lab/other"], False)


def test_metadata_alone_does_not_show_branches(box: Sandbox, app: int) -> None:
    token = box.token("safety-lead", "lab/framework", permissions={"metadata": "read"})
    assert get(box, token, "/repos/lab/framework/branches").status_code == 403


def test_a_token_of_an_installation_is_nobody(box: Sandbox, app: int) -> None:
    token = box.token("own[bot]", "lab/framework", permissions={"contents": "read"})
    assert get(box, token, "/user").status_code == 403
