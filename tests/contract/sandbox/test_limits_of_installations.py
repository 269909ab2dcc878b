"""What an installation may ask in an hour, who is counted, and a GitHub that is down: for clients that are not ours."""

from datetime import timedelta
from typing import Any

import httpx

from reassay_sandbox import Sandbox
from tests.contract.sandbox.test_apps import PUBLIC, RIGHTS, as_app

LOOK = '{ repository(owner: "lab", name: "framework") { databaseId } rateLimit { remaining resetAt cost } }'


def token(box: Sandbox, app: int, installation: int) -> dict[str, str]:
    made = as_app(box, app, "POST", f"/app/installations/{installation}/access_tokens").json()["token"]
    return {"authorization": f"token {made}", "user-agent": "t", "x-github-api-version": "2022-11-28"}


def look(box: Sandbox, headers: dict[str, str]) -> tuple[httpx.Response, dict[str, Any]]:
    answer = httpx.post(f"{box.url}/api/graphql", json={"query": LOOK}, headers=headers)
    return answer, answer.json()


def test_each_installation_has_its_own_limit_and_rest_and_graphql_apart(box: Sandbox) -> None:
    for name in ("lab/framework", "elsewhere/framework"):
        box.add_repo(name, files={"README.md": b"x"})
    app = box.add_app("own", PUBLIC, "", RIGHTS)
    here, there = box.install(app, "lab/framework"), box.install(app, "elsewhere/framework")
    mine, other = token(box, app, here), token(box, app, there)
    first = httpx.get(f"{box.api_url}/repos/lab/framework", headers=mine)
    assert (first.headers["x-ratelimit-remaining"], first.headers["x-ratelimit-resource"]) == ("4999", "core")
    assert look(box, mine)[1]["data"]["rateLimit"]["remaining"] == 4999
    assert look(box, mine)[0].headers["x-ratelimit-used"] == "2"
    assert (box.requests(here), box.requests(there)) == (3, 0)

    box.exhaust(here, timedelta(minutes=20))
    refused = httpx.get(f"{box.api_url}/repos/lab/framework", headers=mine)
    assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(refused.headers["x-ratelimit-reset"]) == int(box.clock.now().timestamp()) + 1200
    answer, data = look(box, mine)
    assert (answer.status_code, data["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert httpx.get(f"{box.api_url}/repos/elsewhere/framework", headers=other).status_code == 200
    box.clock.advance(timedelta(minutes=20))
    assert httpx.get(f"{box.api_url}/repos/lab/framework", headers=mine).status_code == 200


def test_the_last_request_of_an_hour_is_answered_and_the_next_is_not(box: Sandbox) -> None:
    box.add_repo("lab/framework", files={"README.md": b"x"})
    app = box.add_app("own", PUBLIC, "lab/framework", RIGHTS)
    (installation,) = box.dispatcher.apps[app].installations
    headers = token(box, app, installation)
    box.dispatcher.meter.per_hour = 2
    seen = [httpx.get(f"{box.api_url}/repos/lab/framework", headers=headers).status_code for _ in range(3)]
    assert seen == [200, 200, 403]


def test_while_github_is_down_everything_answers_503(box: Sandbox) -> None:
    box.add_repo("lab/framework", files={"README.md": b"x"})
    app = box.add_app("own", PUBLIC, "lab/framework", RIGHTS)
    (installation,) = box.dispatcher.apps[app].installations
    headers = token(box, app, installation)
    box.faults.outage = True
    assert httpx.get(f"{box.api_url}/repos/lab/framework", headers=headers).status_code == 503
    assert httpx.post(f"{box.url}/api/graphql", json={"query": LOOK}, headers=headers).status_code == 503
    assert as_app(box, app, "GET", "/app").status_code == 503
    assert httpx.get(box.url).status_code == 200
    box.faults.clear()
    assert look(box, headers)[1]["data"]["repository"]["databaseId"]
