"""Signing in with GitHub over the wire: who sees what, for how long, and what a forged or stolen part of it is worth."""

from datetime import timedelta

from tests.hosted.web.browsing import BASE, LAB, OTHER, WebLab, form_of, query, target


def test_people_see_what_github_lets_them_read_and_nothing_else(ready: WebLab) -> None:
    ready.add_other()
    seen = {login: ready.signed_in(login).get("/").text for login in ("safety-lead", "release-manager", "auditor")}
    assert (LAB in seen["safety-lead"], OTHER in seen["safety-lead"]) == (True, False)
    assert (LAB in seen["release-manager"], OTHER in seen["release-manager"]) == (False, True)
    assert "no repositories that you may read" in seen["auditor"]


def test_what_one_may_not_read_is_as_if_it_was_not_there(ready: WebLab) -> None:
    ready.add_other()
    browser = ready.signed_in("safety-lead")
    for path in ("/repositories/{}", "/api/v1/repositories/{}/status", "/api/v1/repositories/{}/explain?pull=1"):
        hidden, absent = (browser.get(path.format(name)) for name in (OTHER, "nobody/nothing"))
        assert (hidden.status_code, hidden.text) == (404, absent.text)
        assert browser.get(path.format(LAB)).status_code != 404 or "pull" in path


def test_nobody_sees_anything_without_signing_in(ready: WebLab) -> None:
    for address in ("127.0.0.1", "203.0.113.7"):
        browser = ready.browser(address)
        assert LAB not in browser.get("/").text
        assert "Sign in with GitHub" in browser.get("/").text
        for path in (
            "/repositories/" + LAB,
            "/dead-letters",
            "/api/v1/repositories",
            f"/api/v1/repositories/{LAB}/status",
        ):
            assert browser.get(path).status_code == 401


def test_only_a_digest_of_the_cookie_is_kept_and_no_token(ready: WebLab) -> None:
    browser = ready.signed_in("safety-lead")
    cookie = browser.cookies["reassay-session"]
    ((row,),) = ready.database.rows("select s::text from reassay_sessions s")
    assert cookie not in row
    assert "ghu_" not in row
    assert "safety-lead" in row


def test_after_ten_minutes_github_is_asked_again_without_a_word(ready: WebLab) -> None:
    browser = ready.signed_in("safety-lead")
    ready.box.clock.advance(timedelta(minutes=11))
    assert target(browser.get("/")) == "/sign-in?to=/"
    assert target(browser.get(f"/repositories/{LAB}")) == f"/sign-in?to=/repositories/{LAB}"
    assert browser.get("/api/v1/repositories").status_code == 401
    # What was taken away meanwhile is gone.
    ready.box.dispatcher.store.repos[LAB].collaborators.clear()
    ready.sign_in(browser, "safety-lead")
    assert LAB not in browser.get("/").text
    assert ready.database.rows("select count(*) from reassay_sessions") == [(1,)]


def test_signing_out_ends_it_here_and_in_the_database(ready: WebLab) -> None:
    browser = ready.signed_in("safety-lead")
    cookie = browser.cookies["reassay-session"]
    action, fields = form_of(browser.get("/"), "sign-out")
    assert target(browser.post(action, data=fields)) == "/"
    assert ready.database.rows("select count(*) from reassay_sessions") == [(0,)]
    stolen = ready.browser()
    stolen.cookies.set("reassay-session", cookie)
    assert target(stolen.get("/")) == "/sign-in?to=/"


def test_another_site_cannot_sign_people_out(ready: WebLab) -> None:
    for form in ["", "forged"]:
        browser = ready.signed_in("safety-lead")
        assert browser.post("/sign-out", data={"form": form}).status_code == 403
        right = form_of(browser.get("/"), "sign-out")[1]
        assert browser.post("/sign-out", data=right, headers={"origin": "https://evil.example"}).status_code == 403
        assert browser.post("/sign-out", data=right, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert LAB in browser.get("/").text


def test_a_forged_answer_of_github_signs_nobody_in(ready: WebLab) -> None:
    for change in [
        {"state": "forged"},
        {"state": ""},
        {"state": "a.L2E"},
        {"state": "é.é"},
        {"code": ""},
        {"code": "forged"},
        {"error": "access_denied"},
    ]:
        browser = ready.browser()
        page = ready.at_github(target(browser.get("/sign-in")))
        action, fields = form_of(page, "oauth")
        back = query(target(ready.at_github(action, fields | {"as": "safety-lead"})))
        answer = browser.get("/sign-in/callback", params=back | change)
        assert answer.status_code == 403
        assert "Sign in again" in answer.text
        assert "reassay-session" not in browser.cookies


def test_an_answer_is_worth_nothing_in_another_browser_nor_twice(ready: WebLab) -> None:
    browser = ready.browser()
    page = ready.at_github(target(browser.get("/sign-in")))
    action, fields = form_of(page, "oauth")
    back = target(ready.at_github(action, fields | {"as": "safety-lead"})).removeprefix(BASE)
    assert ready.browser().get(back).status_code == 403
    flow = browser.cookies["reassay-flow"]
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403
    browser.cookies.set("reassay-flow", flow, domain="127.0.0.1", path="/")
    assert browser.get(back).status_code == 403


def test_no_link_leads_elsewhere_by_way_of_here(ready: WebLab) -> None:
    for to in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/a/../..//evil",
        "javascript:alert(1)",
    ]:
        answer = ready.sign_in(ready.browser(), "safety-lead", to)
        assert target(answer) == "/"
    for odd in ["/%0d%0aset-cookie:x=y\n", "\t//evil.example"]:
        assert ready.browser().get("/sign-in", params={"to": odd}).status_code == 400


def test_one_is_brought_back_to_where_one_was(ready: WebLab) -> None:
    assert target(ready.sign_in(ready.browser(), "safety-lead", f"/repositories/{LAB}")) == f"/repositories/{LAB}"


def test_cookies_are_bound_to_https_and_to_this_host(lab: WebLab) -> None:
    base = "https://reassay.example.com"
    with lab.serve(public_url=base):
        address = lab.web.address.removeprefix(base)
        (given,) = lab.browser(base=base).get(address).headers.get_list("set-cookie")
        assert given.startswith("__Host-reassay-setup=")
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= {each.strip().lower() for each in given.split(";")}
        assert "domain" not in given.lower()


def test_the_front_page_leads_to_what_is_next(started: WebLab) -> None:
    browser = started.browser("203.0.113.7")
    assert target(browser.get("/")) == "/setup"
    assert "not set up yet" in browser.get("/setup").text
    assert browser.get("/sign-in").status_code == 404
