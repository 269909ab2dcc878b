"""The server on the sandbox, as a person with a browser meets it: pages, forms, redirects between two servers."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI

from reassay.github.app_types import AppIdentity
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.composition import WebApplication, web_application
from reassay_sandbox import Sandbox
from tests.hosted.hosted_lab import PEM, PUBLIC, RIGHTS
from tests.lab import PEOPLE, START, STARTER, BoxClock, accepted

BASE = "http://127.0.0.1:8321"
LAB, OTHER = "example-lab/framework", "other-lab/secret-plans"


def form_of(page: httpx.Response, part: str = "") -> tuple[str, dict[str, str]]:
    """Where the form goes that holds `part`, and its hidden fields."""
    forms = re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    action, inside = next((each for each in forms if part in each[0] + each[1]), ("", ""))
    assert action, page.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inside)
    return unescape(action), {name: unescape(value) for name, value in hidden}


def target(answer: httpx.Response) -> str:
    assert answer.status_code in {302, 303}, answer.text
    return str(answer.headers["location"])


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


class Browser:
    """Keeps cookies, follows nothing by itself."""

    def __init__(self, app: FastAPI, address: str, base: str) -> None:
        transport = httpx.ASGITransport(app, client=(address, 50_000))
        self.client = httpx.AsyncClient(transport=transport, base_url=base, headers={"accept": "text/html"})

    @property
    def cookies(self) -> httpx.Cookies:
        return self.client.cookies

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 -- as httpx has it
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 -- as httpx has it
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 -- as httpx has it
        return asyncio.run(self.client.request(method, path, **more))


@dataclass
class WebLab:
    """A server, and browsers for it."""

    box: Sandbox
    database: Database
    settings: HostingSettings
    web: WebApplication = field(init=False)
    told: list[AppIdentity] = field(default_factory=list)

    @contextmanager
    def serve(self, **changes: object) -> Iterator[WebApplication]:
        settings = replace(self.settings, **changes)  # type: ignore[arg-type] # test settings
        with web_application(
            settings,
            self.database,
            BoxClock(self.box),
            deliveries=lambda: {"accepted": 3},
            listeners=(self.told.append,),
        ) as self.web:
            yield self.web

    def settings_on(self, port: int) -> HostingSettings:
        return replace(self.settings, port=port)

    def browser(self, address: str = "127.0.0.1", base: str = BASE) -> Browser:
        return Browser(self.web.app, address, base)

    def at_github(self, address: str, data: Mapping[str, str] | None = None) -> httpx.Response:
        url = address if address.startswith("http") else f"{self.box.url}{address}"
        return httpx.post(url, data=data) if data is not None else httpx.get(url)

    def open_set_up(self, browser: Browser) -> httpx.Response:
        """The address of the console, as far as the page with the button."""
        entered = browser.get(self.web.address.removeprefix(BASE))
        return browser.get(target(entered))

    def make_app(self, browser: Browser) -> str:
        """Presses the button here and the one at GitHub; returns where GitHub sends the browser back to."""
        action, hidden = form_of(self.open_set_up(browser), "manifest")
        confirm, fields = form_of(self.at_github(action, hidden), "confirmed")
        return target(self.at_github(confirm, fields)).removeprefix(BASE)

    def made(self) -> AppIdentity:
        """An App that was made before, without the way through the pages."""
        number = self.box.add_app("lab-reassay", PUBLIC, "", RIGHTS)
        app = AppIdentity(number, PEM, "a-hook-secret", f"Iv1.{number}", "a-client-secret", "lab-reassay")
        there = self.box.dispatcher.apps[number]
        there.client_id, there.client_secret = app.client_id, app.client_secret
        there.callback_urls = (f"{BASE}/sign-in/callback",)
        return app

    def set_up(self) -> AppIdentity:
        """All the way; installs it on the first repository."""
        browser = self.browser()
        assert target(browser.get(self.make_app(browser))) == "/setup"
        app = self.web.dependencies.current.app
        assert app is not None
        self.install(app.id, LAB)
        return app

    def add_other(self) -> None:
        """A repository that others work on, which is ours to look after as well."""
        self.box.add_repo(OTHER, files={"README.md": b"x"}, collaborators={"release-manager": "write"})
        app = self.web.dependencies.current.app
        assert app is not None
        self.install(app.id, OTHER)

    def install(self, app: int, *names: str) -> None:
        """At GitHub, and as the tables have it after a round."""
        number = self.box.install(app, *names)
        now = self.box.clock.now()
        # In one statement, so that a round of a running server never sees the one without the other.
        self.database.run(
            "with installed as (insert into reassay_installations (id, account, seen_at) values (%s, %s, %s)"
            " on conflict do nothing) insert into reassay_repositories (id, installation_id, full_name, next_sweep_at)"
            " select repository, %s, name, %s from unnest(%s::bigint[], %s::text[]) as listed (repository, name)"
            " on conflict do nothing",
            (number, names[0].partition("/")[0], now, number, now, [self.id_of(name) for name in names], list(names)),
        )

    def id_of(self, name: str) -> int:
        found = self.box.dispatcher.store.find(name)
        assert found is not None
        return found.id

    def sign_in(self, browser: Browser, login: str, to: str = "/") -> httpx.Response:
        """By way of GitHub's page; returns the answer to the callback."""
        page = self.at_github(target(browser.get("/sign-in", params={"to": to})))
        action, fields = form_of(page, "oauth")
        back = target(self.at_github(action, fields | {"as": login}))
        return browser.get(back.removeprefix(BASE))

    def signed_in(self, login: str) -> Browser:
        browser = self.browser("203.0.113.7")
        assert self.sign_in(browser, login).status_code == 303
        return browser


def lab(box: Sandbox, database: Database, folder: Path) -> WebLab:
    for login in PEOPLE:
        box.add_user(login)
    box.clock.move_to(START)
    files = accepted({"framework/mitigations.yml": STARTER})
    box.add_repo(LAB, files=files, collaborators={"safety-lead": "write", "red-team-lead": "write"})
    data = folder / "data"
    Credentials(data).prepare()
    return WebLab(box, database, HostingSettings(data, api_url=box.api_url, server_url=box.url, write_pause=0))
