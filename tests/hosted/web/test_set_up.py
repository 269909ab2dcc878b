"""From a fresh server to an App that acts: the manifest flow over the wire, and who may not go through it."""

import json
import os
import re
import stat
from datetime import timedelta

import pytest

from reassay.common.errors import UsageError
from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.settings import AppIdentity, HostingSettings
from reassay.hosted.web.access import may_bind
from tests.hosted.web.browsing import BASE, WebLab, form_of, query, target


def test_the_printed_address_leads_to_an_app_in_three_presses(started: WebLab) -> None:
    browser = started.browser()
    page = started.open_set_up(browser)
    action, hidden = form_of(page, "manifest")
    assert action.startswith(f"{started.box.url}/settings/apps/new?state=")
    assert json.loads(hidden["manifest"])["hook_attributes"] == {"url": f"{BASE}/webhook", "active": True}
    confirm, fields = form_of(started.at_github(action, hidden), "confirmed")
    back = target(started.at_github(confirm, fields))
    assert back.startswith(f"{BASE}/setup/created?code=")
    assert target(browser.get(back.removeprefix(BASE))) == "/setup"
    done = browser.get("/setup").text
    app = started.web.dependencies.current.app
    assert app is not None
    assert app.signs_in
    assert started.told == [app]
    assert "BEGIN PUBLIC KEY" in done
    assert f"/github-apps/{app.slug}/installations/new" in done
    assert "app.json" in done


def test_what_is_kept_is_for_its_owner_alone_and_is_read_at_the_next_start(started: WebLab) -> None:
    app = started.set_up()
    for name in ("app.json", "ledger-key.pem"):
        found = (started.settings.data / name).stat()
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert found.st_uid == os.geteuid()
    with started.serve() as again:
        assert again.dependencies.current.app == app
        assert again.address == ""


def test_an_organisation_and_a_name_can_be_chosen(started: WebLab) -> None:
    browser = started.browser()
    started.open_set_up(browser)
    page = browser.get("/setup", params={"organisation": "example-lab", "name": "lab reassay"})
    action, hidden = form_of(page, "manifest")
    assert action.startswith(f"{started.box.url}/organizations/example-lab/settings/apps/new?state=")
    assert json.loads(hidden["manifest"])["name"] == "lab reassay"
    for wrong in ({"organisation": "a/../b"}, {"organisation": '"><script>'}, {"name": "x" * 35}):
        assert browser.get("/setup", params=wrong).status_code == 422


def test_the_code_is_good_for_one_browser(started: WebLab) -> None:
    first, second = started.browser(), started.browser()
    address = started.web.address.removeprefix(BASE)
    assert first.get(address).status_code == 303
    assert second.get(address).status_code == 403
    assert second.get("/setup").status_code == 403
    assert second.get("/setup?code=guess").status_code == 403
    # The one that has it may come again.
    assert first.get(address).status_code == 303
    assert "Create the App" in first.get("/setup").text


def test_the_code_does_not_stay_in_the_address_line(started: WebLab) -> None:
    answer = started.browser().get(started.web.address.removeprefix(BASE))
    assert target(answer) == "/setup"
    assert answer.headers["referrer-policy"] == "strict-origin"


def test_a_forged_state_makes_nothing(started: WebLab) -> None:
    browser = started.browser()
    given = query(started.make_app(browser))
    for state in ("forged", "", "é", given["state"][:-1]):
        assert browser.get("/setup/created", params=given | {"state": state}).status_code == 403
    assert started.web.dependencies.current.app is None


def test_another_browser_cannot_bring_the_code(started: WebLab) -> None:
    back = started.make_app(started.browser())
    assert started.browser().get(back).status_code == 403
    assert started.web.dependencies.current.app is None


def test_a_code_is_used_once(started: WebLab) -> None:
    browser = started.browser()
    back = started.make_app(browser)
    browser.get(back)
    app = started.web.dependencies.current.app
    assert target(browser.get(back)) == "/setup"
    assert started.web.dependencies.current.app is app
    assert len(started.told) == 1


def test_what_is_no_code_of_githubs_makes_nothing(started: WebLab) -> None:
    browser = started.browser()
    given = query(started.make_app(browser))
    for code in ("", "nonsense", "../../user", "a" * 300):
        answer = browser.get("/setup/created", params=given | {"code": code})
        assert answer.status_code == 404
        assert "Press the button" in answer.text
    assert started.web.dependencies.current.app is None


def test_afterwards_set_up_is_closed_to_others(ready: WebLab) -> None:
    assert "is set up" in ready.browser().get("/setup").text
    assert not re.search(r"BEGIN PUBLIC|manifest", ready.browser().get("/setup").text)


def test_the_address_of_an_installation_is_not_believed(ready: WebLab) -> None:
    claims, now = PeriodicClaims(ready.database), ready.box.clock.now()
    assert claims.claim("installations", now, timedelta(hours=1))
    assert target(ready.browser().get("/setup/installed?installation_id=1&setup_action=install")) == "/sign-in?to=/"
    assert not claims.claim("installations", now, timedelta(hours=1))
    ready.signed_in("safety-lead").get("/setup/installed?installation_id=1")
    assert claims.claim("installations", now, timedelta(hours=1))


def test_another_address_is_only_taken_once_people_can_sign_in(lab: WebLab) -> None:
    data = lab.settings.data
    app = AppIdentity(1, "key", "secret")
    may_bind(HostingSettings(data), None)
    with pytest.raises(UsageError, match="until the App exists") as refused:
        may_bind(HostingSettings(data, host="0.0.0.0"), None)
    assert "ssh -L" in refused.value.remedy
    with pytest.raises(UsageError, match="sign-in is not configured"):
        may_bind(HostingSettings(data, host="0.0.0.0", public_url="https://x.example"), app)
    signing = AppIdentity(1, "key", "secret", "id", "secret")
    with pytest.raises(UsageError, match="--public-url"):
        may_bind(HostingSettings(data, host="0.0.0.0"), signing)
    may_bind(HostingSettings(data, host="0.0.0.0", public_url="https://x.example"), signing)
