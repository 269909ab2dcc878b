"""The read API over the wire: what a repository's people and their programs get, and what they do not."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.web.access import LIVE_PER_MINUTE, PER_MINUTE
from tests.hosted.web.browsing import LAB, OTHER, Browser, WebLab, form_of

ONE = f"/api/v1/repositories/{LAB}"
LOOSER = b"""\
mode: enforce
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: %s
"""
STATUS: dict[str, Any] = {
    "schema": "reassay/status/v1",
    "at": "2026-12-01T09:00:00+00:00",
    "register": "0df4f7d2a1b3",
    "cells": [
        {
            "mitigation": "jailbreak-filter",
            "commitment": None,
            "deployment": "*",
            "state": "overdue",
            "verdict": "unassessed",
            "due": "2026-11-30",
            "due_at": None,
            "reason": "6 months",
            "triggers": [],
            "last_decision": None,
            "issue": 4,
            "scheduled": None,
        }
    ],
    "errors": 0,
    "unreadable": [],
    "summary": {"overdue": 1},
}
UNREADABLE: dict[str, Any] = STATUS | {
    "cells": [
        *STATUS["cells"],
        STATUS["cells"][0] | {"mitigation": "staff-training", "state": "unreadable", "issue": None},
    ],
    "errors": 1,
    "unreadable": [
        {
            "kind": "mitigation",
            "id": "staff-training",
            "owner": "safety-lead",
            "cells": ["*"],
            "path": "framework/m.yml",
            "line": 4,
            "message": "unknown key 'evry' <b>",
            "since": "2026-12-09",
        }
    ],
    "summary": {"unreadable": 1, "overdue": 1},
}


def swept(lab: WebLab, status: dict[str, Any] = STATUS, problems: tuple[dict[str, str], ...] = ()) -> None:
    lab.database.run(
        "update reassay_repositories set status = %s, problems = %s, swept_at = %s, fine = %s where id = %s",
        (Jsonb(status), Jsonb(list(problems)), lab.box.clock.now(), not problems, lab.id_of(LAB)),
    )


def api(browser: Browser, path: str, **body: object) -> dict[str, Any]:
    answer = browser.post(path, json=body) if body else browser.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_status_is_the_one_of_the_last_sweep_and_says_when(ready: WebLab) -> None:
    swept(ready, problems=({"what": "issue #4", "message": "GitHub answered 502"},))
    browser = ready.signed_in("safety-lead")
    found = api(browser, f"{ONE}/status")
    assert found["status"] == STATUS
    assert found["swept_at"].startswith("2026-12-01T09:00")
    assert (found["fine"], found["problems"][0]["what"]) == (False, "issue #4")
    (row,) = api(browser, "/api/v1/repositories")["repositories"]
    assert (row["repository"], row["summary"]) == (LAB, {"overdue": 1})


def test_what_cannot_be_read_is_first_on_the_page_in_the_api_and_never_fine(ready: WebLab) -> None:
    swept(ready, UNREADABLE)
    browser = ready.signed_in("safety-lead")
    found = api(browser, f"{ONE}/status")
    assert found["fine"] is False
    assert found["status"]["unreadable"] == UNREADABLE["unreadable"]
    (row,) = api(browser, "/api/v1/repositories")["repositories"]
    assert (row["fine"], row["errors"], row["unreadable"]) == (False, 1, 1)
    overview = browser.get("/").text
    assert '<span class="bad">1 part of the register cannot be read</span>' in overview
    assert "1 unreadable, 1 overdue" in overview
    page = browser.get(f"/repositories/{LAB}").text
    assert "1 part of the register cannot be read, and is not watched" in page
    assert "blob/0df4f7d2a1b3/framework/m.yml#L4" in page
    assert "&lt;b&gt;" in page
    assert "last known owner: safety-lead" in page
    assert page.index("<td>staff-training</td>") < page.index("<td>jailbreak-filter</td>")
    assert 'class="short bad">unreadable</td>' in page


def test_a_repository_that_was_never_swept_says_so(ready: WebLab) -> None:
    found = api(ready.signed_in("safety-lead"), f"{ONE}/status")
    assert (found["swept_at"], found["status"]) == (None, None)


@pytest.mark.long
def test_a_cell_is_explained_from_what_is_there_now(ready: WebLab) -> None:
    browser = ready.signed_in("safety-lead")
    with ready.box.readonly():
        found = api(browser, f"{ONE}/explain?subject=jailbreak-filter")
    (cell,) = found["cells"]
    assert (cell["mitigation"], cell["due"]) == ("jailbreak-filter", "2026-12-11")
    assert ready.signed_in("safety-lead").get(f"{ONE}/explain?subject=nothing").status_code == 404


@pytest.mark.long
def test_another_day_shows_another_state_and_changes_nothing(ready: WebLab) -> None:
    browser = ready.signed_in("safety-lead")
    with ready.box.readonly():
        now, later = (api(browser, f"{ONE}/what-if", at=day) for day in ("2026-10-01", "2027-06-30"))
    states = [
        next(cell["state"] for cell in each["cells"] if cell["mitigation"] == "jailbreak-filter")
        for each in (now, later)
    ]
    assert states == ["current", "overdue"]
    assert browser.post(f"{ONE}/what-if", json={"at": "someday"}).status_code == 422


@pytest.mark.long
def test_a_verdict_is_explained_and_asked_what_if(ready: WebLab) -> None:
    repo = ready.box.repo(LAB)
    repo.commit({"framework/mitigations.yml": LOOSER % b"6 months"}, message="roles", author="safety-lead")
    repo.commit({"framework/mitigations.yml": LOOSER % b"1 year"}, branch="looser", author="safety-lead")
    number = repo.open_pull_as("safety-lead", "looser")
    browser = ready.signed_in("safety-lead")
    with ready.box.readonly():
        found = api(browser, f"{ONE}/explain?pull={number}")
        if_signed = api(browser, f"{ONE}/what-if", pull=number, assume_signed=["red-team-lead:red-team-lead"])
    assert found["conclusion"] == "failure"
    assert any(row["role"] == "red-team-lead" and not row["holds"] for row in found["required"])
    assert any(row["holds"] for row in if_signed["required"])
    assert browser.get(f"{ONE}/explain?pull=999").status_code == 404


def test_what_reads_gets_a_token_that_cannot_write(ready: WebLab) -> None:
    api(ready.signed_in("safety-lead"), f"{ONE}/explain?subject=jailbreak-filter")
    asked = [json.loads(each.request_body) for each in ready.box.traffic if each.path.endswith("/access_tokens")]
    assert asked
    assert {level for each in asked for level in each["permissions"].values()} == {"read"}
    assert all(each["repository_ids"] == [ready.id_of(LAB)] for each in asked)


def test_a_question_that_cannot_be_read_says_what_to_write(ready: WebLab) -> None:
    for path in ["explain", "explain?subject=a&pull=1", "explain?pull=0", "explain?pull=x"]:
        answer = ready.signed_in("safety-lead").get(f"{ONE}/{path}")
        assert answer.status_code == 422
        assert answer.json()["error"]["remedy"]


def test_files_are_checked_without_a_repository(ready: WebLab) -> None:
    files = {"framework/mitigations.yml": "mitigations:\n  - {id: a, title: A, owner: x, evry: 1 year}\n"}
    found = api(ready.signed_in("auditor"), "/api/v1/check", files=files)
    assert found["schema"] == "reassay/check/v1"
    (finding,) = [each for each in found["findings"] if each["code"] == "unknown-key"]
    assert (finding["path"], finding["line"]) == ("framework/mitigations.yml", 2)
    assert "every" in finding["remedy"]


def test_what_is_no_set_of_files_is_refused(ready: WebLab) -> None:
    for body in [
        {"files": {}},
        {"files": {"/etc/passwd": ""}},
        {"files": {f"{number}.yml": "" for number in range(501)}},
        {"files": {"a": 1}},
        {"files": {"a": ""}, "more": 1},
        {},
        [],
    ]:
        assert ready.signed_in("auditor").post("/api/v1/check", json=body).status_code == 422


def test_a_path_that_climbs_touches_nothing_on_disk(ready: WebLab) -> None:
    files = {"../../../etc/passwd": "x", "framework/../../x.yml": "y", ".github/reassay.yml": "register: ../../etc\n"}
    found = api(ready.signed_in("auditor"), "/api/v1/check", files=files)
    assert "root:" not in json.dumps(found)


def test_too_much_is_refused_before_it_is_read(ready: WebLab) -> None:
    browser = ready.signed_in("auditor")
    assert (
        browser.post(
            "/api/v1/check", content=b"x" * 3_000_000, headers={"content-type": "application/json"}
        ).status_code
        == 413
    )


def test_errors_do_not_repeat_what_was_sent(ready: WebLab) -> None:
    answer = ready.signed_in("auditor").post("/api/v1/check", json={"files": {"a": ["a-secret-somebody-pasted"]}})
    assert "a-secret-somebody-pasted" not in answer.text


def test_one_person_is_limited_and_another_is_not(ready: WebLab) -> None:
    first, second = ready.signed_in("safety-lead"), ready.signed_in("red-team-lead")
    found = [first.get("/api/v1/repositories").status_code for _ in range(PER_MINUTE + 1)]
    assert (found.count(200), found[-1]) == (PER_MINUTE, 429)
    assert int(first.get("/api/v1/repositories").headers["retry-after"]) in range(1, 61)
    assert second.get("/api/v1/repositories").status_code == 200
    ready.box.clock.advance(timedelta(minutes=1))
    assert first.get("/api/v1/repositories").status_code == 200


def test_what_is_worked_out_anew_is_limited_further(ready: WebLab) -> None:
    browser = ready.signed_in("auditor")
    files = {"framework/a.yml": ""}
    found = [browser.post("/api/v1/check", json={"files": files}).status_code for _ in range(LIVE_PER_MINUTE + 1)]
    assert (found.count(200), found[-1]) == (LIVE_PER_MINUTE, 429)


def test_a_token_of_githubs_shows_the_repository_that_it_reads(ready: WebLab) -> None:
    ready.add_other()
    rights = {"metadata": "read", "contents": "read"}
    headers = {"authorization": f"Bearer {ready.box.token('safety-lead', LAB, permissions=rights)}"}
    browser = ready.browser("203.0.113.7")
    assert browser.get(f"{ONE}/status", headers=headers).status_code == 200
    assert browser.get(f"/api/v1/repositories/{OTHER}/status", headers=headers).status_code == 404
    assert browser.get("/api/v1/repositories", headers=headers).status_code == 403
    assert browser.get("/api/v1/dead-letters", headers=headers).status_code == 404
    assert browser.get(f"{ONE}/status", headers={"authorization": "Bearer nonsense"}).status_code == 404
    assert ready.database.rows("select count(*) from reassay_sessions") == [(0,)]


def test_operators_see_dead_letters_and_drive_them_again(lab: WebLab) -> None:
    app = lab.made()
    with lab.serve(operators=("Safety-Lead",), app=app):
        lab.install(app.id, LAB)
        subject = JobSubject(lab.id_of(LAB), "pull", 5)
        lab.database.run(
            "insert into reassay_dead_letters (kind, key, repository_id, reason, at) values ('job', %s, %s, %s, %s)",
            (f"{subject.repository}/{subject.text}", subject.repository, "<b>failed</b>", lab.box.clock.now()),
        )
        operator, other = lab.signed_in("safety-lead"), lab.signed_in("red-team-lead")
        (letter,) = api(operator, "/api/v1/dead-letters")["dead_letters"]
        assert (letter["key"], letter["repository"]) == (f"{subject.repository}/pull:5", LAB)
        path = f"/api/v1/dead-letters/{letter['id']}/redrive"
        assert [other.get("/api/v1/dead-letters").status_code, other.post(path).status_code] == [404, 404]
        assert operator.post(path).status_code == 403
        page = operator.get("/dead-letters")
        assert "<b>failed" not in page.text
        action, fields = form_of(page, "redrive")
        assert operator.post(action, data=fields).status_code == 303
        assert lab.database.rows("select args->>'subject' from procrastinate_jobs") == [("pull:5",)]
        assert (
            operator.post("/api/v1/dead-letters/999/redrive", headers={"x-csrf-token": fields["form"]}).status_code
            == 404
        )


def test_the_description_is_valid_and_names_every_route(ready: WebLab) -> None:
    from openapi_spec_validator import validate

    document = ready.browser().get("/api/v1/openapi.json").json()
    validate(document)
    assert set(document["paths"]) == {
        "/api/v1/repositories",
        "/api/v1/repositories/{owner}/{name}/status",
        "/api/v1/repositories/{owner}/{name}/dashboard",
        "/api/v1/repositories/{owner}/{name}/explain",
        "/api/v1/repositories/{owner}/{name}/what-if",
        "/api/v1/check",
        "/api/v1/dead-letters",
        "/api/v1/dead-letters/{number}/redrive",
    }
    page: httpx.Response = ready.browser().get("/docs")
    assert all(path in page.text for path in document["paths"])
    assert "<script" not in page.text


def test_the_page_of_the_api_keeps_the_navigation_and_lists_bodies_and_answers(ready: WebLab) -> None:
    stranger, person = ready.browser().get("/docs").text, ready.signed_in("safety-lead").get("/docs").text
    assert '<a href="/sign-in">Sign in</a>' in stranger
    assert "Repositories</a>" in person
    assert "safety-lead" in person
    document = ready.browser().get("/api/v1/openapi.json").json()
    for page in (stranger, person):
        assert "curl -H" in page
        # What a route takes and answers is on the page, with its fields.
        for name in ("WhatIfRequest", "CheckRequest", "StoredStatus", "GateDocument", "CellItem", "RedriveResponse"):
            assert f'<section id="{name}">' in page
            assert all(
                f"<code>{field}</code>" in page for field in document["components"]["schemas"][name]["properties"]
            )
        assert 'Body: <a href="#WhatIfRequest">WhatIfRequest</a>' in page
        assert 'Answer 200: <a href="#RepositoryList">RepositoryList</a>' in page
    assert "HTTPValidationError" not in stranger


def test_a_missing_page_is_a_page_for_browsers_and_json_for_programs(ready: WebLab) -> None:
    page = ready.browser().get("/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<a href="/">Front page</a>' in page.text
    program = ready.browser().get("/nothing", headers={"accept": "application/json"})
    assert program.json()["error"]["message"] == "There is no page at this address."
    refused = ready.browser(base="http://other.example.com").get("/")
    assert (refused.status_code, refused.headers["content-type"]) == (421, "text/html; charset=utf-8")
