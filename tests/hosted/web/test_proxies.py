"""A server behind a proxy, at a host of its own or below a path: set-up, sign-in, webhook, pages and cookies, on real sockets."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from reassay.hosted.database.database import Database
from reassay.hosted.settings import HostingSettings
from reassay_sandbox import Sandbox
from tests.hosted.web.browsing import LAB, WebLab, form_of
from tests.hosted.web.serving import DEADLINE, proxy, serving

PATH = "/reassay"
ROOT = Path(__file__).resolve().parents[3]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
CADDY = shutil.which("caddy")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[int]:
    """A proxy as a process of its own, ready at a port."""
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        try:
            end = time.monotonic() + DEADLINE
            while True:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < end, (folder / "log").read_text()
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()


@contextmanager
def nginx(target: int, folder: Path, location: str, end: str = "") -> Iterator[int]:
    """nginx with the lines that deploy/nginx.conf has inside its location."""
    assert NGINX is not None
    port = free_port()
    shipped = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    size = re.search(r"client_max_body_size [^;]+;", shipped)
    inside = re.search(r"location / \{(.*?)\n    \}", shipped, re.DOTALL)
    assert inside is not None
    assert size is not None
    lines = inside[1].replace("http://127.0.0.1:8321;", f"http://127.0.0.1:{target}{end};")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; {size[0]} location {location} {{{lines}\n}} }} }}"
    )
    with running([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield port


@contextmanager
def caddy(target: int, folder: Path) -> Iterator[int]:
    """Caddy with the lines for a path of deploy/Caddyfile."""
    assert CADDY is not None
    port = free_port()
    shipped = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    below = "\n".join(line.removeprefix("# ") for line in shipped.partition("\n# example.com {")[2].splitlines())
    site = f"http://127.0.0.1:{port} {{{below}".replace("127.0.0.1:8321", f"127.0.0.1:{target}")
    (folder / "Caddyfile").write_text(f"{{\n admin off\n auto_https off\n}}\n{site}")
    with running([CADDY, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], port, folder):
        yield port


@contextmanager
def behind(kind: str, target: int, folder: Path) -> Iterator[int]:
    with ExitStack() as stack:
        match kind:
            case "passing on" | "own host":
                yield stack.enter_context(proxy(target))
            case "stripping":
                yield stack.enter_context(proxy(target, strip=PATH))
            case "nginx":
                yield stack.enter_context(nginx(target, folder, PATH))
            case "nginx stripping":
                yield stack.enter_context(nginx(target, folder, f"{PATH}/", "/"))
            case _:
                yield stack.enter_context(caddy(target, folder))


def addresses_in(page: httpx.Response) -> set[str]:
    """Addresses of links, forms and style sheets of a page that stay on its host."""
    given = {unescape(each) for each in re.findall(r'(?:href|action)="([^"]+)"', page.text)}
    there = {urljoin(str(page.url), each) for each in given if not each.startswith(("data:", "#"))}
    return {each for each in there if urlsplit(each).netloc == page.url.netloc.decode()}


def sign_in(browser: httpx.Client, public: str, login: str) -> httpx.Response:
    page = browser.get(f"{public}/sign-in")
    action, fields = form_of(page, "oauth")
    return browser.post(urljoin(str(page.url), action), data=fields | {"as": login})


@pytest.mark.long
@pytest.mark.parametrize(
    "kind",
    [
        "own host",
        "passing on",
        "stripping",
        pytest.param("nginx", marks=pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")),
        pytest.param("nginx stripping", marks=pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")),
        pytest.param("caddy", marks=pytest.mark.skipif(CADDY is None, reason="caddy is not on this machine")),
    ],
)
def test_everything_works_behind_a_proxy(
    lab: WebLab, box: Sandbox, database: Database, tmp_path: Path, kind: str
) -> None:
    path, port = "" if kind == "own host" else PATH, free_port()
    (tmp_path / "proxy").mkdir()
    with behind(kind, port, tmp_path / "proxy") as outside:
        public = f"http://127.0.0.1:{outside}{path}"
        settings = HostingSettings(
            tmp_path / "data", api_url=box.api_url, server_url=box.url, port=port, public_url=public, concurrency=0
        )
        with serving(box, database, settings) as console:
            assert console.address.startswith(f"{public}/setup?code=")
            _set_up(console.address, public, box)
            _pages(lab, public, box, path)


def _set_up(address: str, public: str, box: Sandbox) -> None:
    with httpx.Client(follow_redirects=True, timeout=DEADLINE, headers={"accept": "text/html"}) as browser:
        page = browser.get(address)
        assert str(page.url) == f"{public}/setup"
        action, hidden = form_of(page, "manifest")
        confirm = browser.post(action, data=hidden)
        to, fields = form_of(confirm, "confirmed")
        done = browser.post(urljoin(str(confirm.url), to), data=fields)
        assert str(done.url) == f"{public}/setup", done.text
        assert "The App is created" in done.text
    (app,) = box.dispatcher.apps.values()
    assert app.hook_url == f"{public}/webhook"
    assert app.setup_url == f"{public}/setup/installed"
    assert app.callback_urls == (f"{public}/sign-in/callback",)
    box.hooks.ping(app)
    box.hooks.settle()
    assert [attempt.status for attempt in box.hooks.attempts] == [202]


def _pages(lab: WebLab, public: str, box: Sandbox, path: str) -> None:
    (app,) = box.dispatcher.apps.values()
    lab.install(app.id, LAB)
    with httpx.Client(follow_redirects=True, timeout=DEADLINE, headers={"accept": "text/html"}) as browser:
        front = sign_in(browser, public, "safety-lead")
        assert str(front.url) == f"{public}/"
        assert LAB in front.text
        session = [cookie for cookie in browser.cookies.jar if cookie.name == "reassay-session"]
        assert [cookie.path for cookie in session] == [path or "/"]
        seen: dict[str, int] = {}
        waiting = addresses_in(front) | {f"{public}/docs", f"{public}/nothing-here"}
        while waiting:
            address = waiting.pop()
            if address not in seen and not address.endswith(("/sign-out", "/sign-in")):
                assert address.startswith(f"{public}/"), address
                page = browser.get(address)
                seen[address] = page.status_code
                is_page = "text/html" in page.headers["content-type"] and str(page.url).startswith(public)
                waiting |= addresses_in(page) if is_page else set()
        assert {each.removeprefix(public).partition("#")[0] for each in seen} >= {
            "/", "/docs", f"/repositories/{LAB}", "/style.css", "/api/v1/openapi.json",
        }  # fmt: skip
        assert {address.removeprefix(public) for address, status in seen.items() if status >= 400} == {"/nothing-here"}
        action, fields = form_of(browser.get(f"{public}/"), "sign-out")
        left = browser.post(urljoin(public, action), data=fields)
        assert "Sign in with GitHub" in left.text


def test_a_session_that_ended_returns_to_its_page(
    lab: WebLab, box: Sandbox, database: Database, tmp_path: Path
) -> None:
    port = free_port()
    with proxy(port) as outside:
        public = f"http://127.0.0.1:{outside}{PATH}"
        settings = HostingSettings(
            tmp_path / "data",
            api_url=box.api_url,
            server_url=box.url,
            port=port,
            public_url=public,
            app=lab.made(),
            concurrency=0,
        )
        (app,) = box.dispatcher.apps.values()
        app.callback_urls = (f"{public}/sign-in/callback",)
        lab.install(app.id, LAB)
        with serving(box, database, settings), httpx.Client(follow_redirects=True, timeout=DEADLINE) as browser:
            sign_in(browser, public, "safety-lead")
            database.run("delete from reassay_sessions")
            page = browser.get(f"{public}/repositories/{LAB}")
            action, fields = form_of(page, "oauth")
            back = browser.post(urljoin(str(page.url), action), data=fields | {"as": "safety-lead"})
            assert str(back.url) == f"{public}/repositories/{LAB}"
