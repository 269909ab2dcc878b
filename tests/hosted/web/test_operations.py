"""Probes, metrics, headers, hosts: what whoever runs the server relies on, and what strangers get."""

import json
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.web.composition import WATCHED
from tests.hosted.web.browsing import LAB, Browser, WebLab
from tests.hosted.web.test_api import UNREADABLE, swept

PAGES = (
    "/",
    "/setup",
    "/docs",
    "/style.css",
    "/livez",
    "/readyz",
    "/metrics",
    "/api/v1/repositories",
    "/api/v1/openapi.json",
    "/nothing",
)


def readiness(browser: Browser) -> tuple[int, dict[str, str]]:
    answer = browser.get("/readyz")
    found = {each["name"]: each["words"] for each in answer.json()["checks"] if not each["ok"]}
    assert answer.json()["ready"] is (answer.status_code == 200)
    return answer.status_code, found


def figures(browser: Browser) -> dict[tuple[str, str], float]:
    answer = browser.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(each.name, ",".join(each.labels.values())): each.value for family in families for each in family.samples}


def beat(lab: WebLab) -> None:
    for part in WATCHED:
        PeriodicClaims(lab.database).succeeded(part.name, lab.box.clock.now())


def test_it_lives_before_and_after_it_is_set_up(started: WebLab) -> None:
    assert started.browser("203.0.113.7").get("/livez").text == "alive\n"
    assert readiness(started.browser()) == (
        503,
        {"app": "no App is set up: open the address that `reassay serve` printed"},
    )
    started.set_up()
    assert readiness(started.browser()) == (200, {})


def test_it_is_not_ready_while_a_part_is_silent_and_says_which(ready: WebLab) -> None:
    ready.box.clock.advance(timedelta(minutes=6))
    for part in WATCHED:
        if part.name != "sweeps":
            PeriodicClaims(ready.database).succeeded(part.name, ready.box.clock.now())
    status, found = readiness(ready.browser())
    assert status == 503
    assert set(found) == {"sweeps"}
    assert "no sweep since the server started" in found["sweeps"]
    assert figures(ready.browser())["reassay_silent", "sweeps"] == 1
    assert "no sweep since the server started" in ready.signed_in("safety-lead").get("/").text
    beat(ready)
    assert readiness(ready.browser()) == (200, {})


def test_without_a_database_it_lives_and_is_not_ready(ready: WebLab) -> None:
    ready.database.pool.close()
    browser = ready.browser()
    assert browser.get("/livez").status_code == 200
    status, found = readiness(browser)
    assert (status, set(found)) == (503, {"database"})
    assert figures(browser)["reassay_database_up", ""] == 0


def test_a_migration_that_was_not_run_is_named(ready: WebLab) -> None:
    ready.database.run("delete from reassay_migrations where number = 1")
    assert readiness(ready.browser()) == (503, {"migrations": "missing: 1; start a newer server once"})


def test_metrics_say_how_things_stand(ready: WebLab) -> None:
    beat(ready)
    now = ready.box.clock.now()
    ready.database.run(
        "insert into reassay_inbox (delivery_id, event, body, received_at) values ('a', 'push', '', %s)",
        (now - timedelta(seconds=30),),
    )
    ready.browser().get("/docs")
    found = figures(ready.browser())
    assert found["reassay_deliveries_total", "accepted"] == 3
    assert (found["reassay_inbox_unread", ""], found["reassay_inbox_oldest_seconds", ""]) == (1, 30)
    assert (found["reassay_repositories", ""], found["reassay_installations", ""]) == (1, 1)
    assert (found["reassay_jobs", "todo"], found["reassay_dead_letters", "job"]) == (0, 0)
    assert found["reassay_last_success_seconds", "drain"] == now.timestamp()
    assert found["reassay_http_requests_total", "/docs,200"] == 1
    assert any(name == "reassay_build_info" for name, _ in found)


def test_metrics_count_cells_by_state_and_what_cannot_be_read_and_readiness_is_about_the_server(lab: WebLab) -> None:
    app = lab.made()
    with lab.serve(operators=("safety-lead",), app=app):
        lab.install(app.id, LAB)
        beat(lab)
        swept(lab, UNREADABLE)
        found = figures(lab.browser())
        assert (found["reassay_cells", "unreadable"], found["reassay_cells", "overdue"]) == (1, 1)
        assert found["reassay_cells", "current"] == 0
        assert (found["reassay_register_errors", ""], found["reassay_unreadable", ""]) == (1, 1)
        assert found["reassay_repositories_unfinished", ""] == 0
        # Due on 30 November, and the sandbox's clock says 1 December.
        assert found["reassay_oldest_overdue_days", ""] == found["reassay_repository_oldest_overdue_days", LAB] == 1
        assert found["reassay_repository_cells", f"{LAB},unreadable"] == 1
        assert ("reassay_repository_cells", f"{LAB},current") not in found
        assert found["reassay_repository_last_sweep_seconds", LAB] == lab.box.clock.now().timestamp()
        assert (found["reassay_failed_runs", ""], found["reassay_backup_seconds", ""]) == (0, 0)
        assert readiness(lab.browser())[0] == 200
        page = lab.signed_in("safety-lead").get("/").text
        assert "Registers that cannot be read" in page
        assert f'<a class="bad" href="/repositories/{LAB}">{LAB}</a>' in page


def test_metrics_are_for_this_machine_and_for_operators(lab: WebLab) -> None:
    app = lab.made()
    with lab.serve(operators=("safety-lead",), app=app):
        lab.install(app.id, LAB)
        assert lab.browser().get("/metrics").status_code == 200
        assert lab.browser("203.0.113.7").get("/metrics").status_code == 404
        for header in ("x-forwarded-for", "forwarded", "x-real-ip", "via"):
            assert lab.browser().get("/metrics", headers={header: "203.0.113.7"}).status_code == 404
        assert lab.signed_in("safety-lead").get("/metrics").status_code == 200
        assert lab.signed_in("red-team-lead").get("/metrics").status_code == 404


def test_every_answer_carries_what_browsers_need_to_know(started: WebLab) -> None:
    for path in PAGES:
        headers = started.browser().get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert f"form-action 'self' {started.box.url}" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin"
        assert "server" not in headers
        assert headers["cache-control"] == ("max-age=3600" if path == "/style.css" else "no-store")
        assert "access-control-allow-origin" not in headers
        assert "strict-transport-security" not in headers


def test_a_fault_is_answered_with_the_same_headers_and_without_its_cause(
    ready: WebLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object) -> None:
        raise RuntimeError("ghs_0123456789abcdefghijkl of /var/lib")

    monkeypatch.setattr("reassay.hosted.web.overview.Overview.missing_migrations", broken)
    answer = ready.browser().get("/readyz")
    assert answer.status_code == 500
    assert "ghs_" not in answer.text
    assert "content-security-policy" in answer.headers


def test_on_https_browsers_are_told_to_stay_there(lab: WebLab) -> None:
    with lab.serve(public_url="https://reassay.example.com"):
        found = lab.browser(base="https://reassay.example.com").get("/setup").headers
        assert found["strict-transport-security"] == "max-age=31536000"


def test_a_name_of_somebody_elses_that_leads_here_is_refused(ready: WebLab) -> None:
    for host in [
        "evil.example",
        "evil.example:8321",
        "127.0.0.1.evil.example",
        "127.0.0.1:8321@evil.example",
        "localhost.",
        "",
        "a b",
        "[::1",
    ]:
        answer = ready.browser().get("/", headers={"host": host})
        assert answer.status_code == 421
        assert LAB not in answer.text
        assert ready.browser().get("/livez", headers={"host": host}).status_code == 200


def test_names_of_this_machine_are_its_own(ready: WebLab) -> None:
    for host in ["127.0.0.1:8321", "localhost:8321", "[::1]:8321", "127.0.0.1"]:
        assert ready.browser().get("/", headers={"host": host}).status_code == 200


def test_the_public_name_is_taken_with_and_without_its_port(lab: WebLab) -> None:
    with lab.serve(public_url="https://reassay.example.com"):
        for host, status in (
            ("reassay.example.com", 403),
            ("REASSAY.example.com:443", 403),
            ("reassay.example.com:80", 421),
        ):
            assert lab.browser().get("/setup", headers={"host": host}).status_code == status


def test_a_length_that_is_none_or_too_much_is_refused(ready: WebLab) -> None:
    for length in ["-1", "x", "99999999999"]:
        assert ready.browser().post("/api/v1/check", headers={"content-length": length}).status_code == 413


def test_without_sign_in_only_this_machine_sees_anything(lab: WebLab) -> None:
    from reassay.hosted.settings import AppIdentity

    app = AppIdentity(7, "key", "secret")
    with lab.serve(app=app):
        lab.install(lab.box.add_app("own", "none", LAB, {}), LAB)
        assert LAB in lab.browser().get("/").text
        assert lab.browser().get("/api/v1/dead-letters").status_code == 200
        elsewhere = lab.browser("203.0.113.7").get("/")
        through_a_proxy = lab.browser().get("/", headers={"x-forwarded-for": "203.0.113.7"})
        for answer in (elsewhere, through_a_proxy):
            assert LAB not in answer.text
            assert "Sign-in is not configured" in answer.text
        assert (
            lab.browser()
            .post("/api/v1/check", json={"files": {"a.yml": ""}}, headers={"origin": "https://evil.example"})
            .status_code
            == 403
        )
    with lab.serve(app=app, public_url="https://reassay.example.com"):
        # A proxy on this machine may not say for whom it asks.
        assert LAB not in lab.browser().get("/").text


def test_hostile_names_and_reasons_are_inert_on_pages(lab: WebLab) -> None:
    from tests.hosted.web.test_api import STATUS, swept

    hostile = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    app = lab.made()
    with lab.serve(operators=("safety-lead",), app=app):
        lab.install(app.id, LAB)
        cell = STATUS["cells"][0] | {"reason": hostile, "mitigation": hostile, "state": hostile}
        swept(lab, STATUS | {"cells": [cell], "summary": {hostile: 1}}, ({"what": hostile, "message": hostile},))
        lab.database.run("update reassay_installations set account = %s", (hostile,))
        browser = lab.signed_in("safety-lead")
        for path in ("/", f"/repositories/{LAB}"):
            page = browser.get(path).text
            assert "<img" not in page
            assert "&lt;img" in page
            assert "{{7*7}}" in page
        lab.database.run("update reassay_repositories set full_name = %s where id = %s", (hostile, lab.id_of(LAB)))
        assert "<img" not in browser.get("/").text


def test_errors_are_json_for_programs_and_pages_for_people(ready: WebLab) -> None:
    page = ready.browser().get("/nothing")
    assert (page.status_code, "There is no page at this address" in page.text) == (404, True)
    said = ready.browser().get("/nothing", headers={"accept": "*/*"})
    assert json.loads(said.text)["error"]["remedy"]
    assert ready.browser().get("/api/v1/nothing").json()["error"]["message"]
