"""Law: whatever an address holds, the App answers that there is no such page or that the address is wrong, never with a fault.

Every route of the App, with each parameter of its path and of its query replaced by what no name, number or page is.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from reassay.hosted.database.database import Database
from reassay_sandbox import Sandbox
from tests.hosted.web.browsing import LAB, Browser, WebLab
from tests.hosted.web.browsing import lab as web_lab

OWNER, NAME = LAB.split("/")
ODD = (
    "%00", "y%00", "%0a", "%0d%0a", "%1b", "%7f", "%2e%2e", "%2e", "..%2f..", "%2f", "%ff", "%c3%28", "%ed%a0%80", "%e2%80%ae",
    "%25%30%30", "'", "%22", "%5c", "%3f", "%23", "-1", "0", "1e9", str(2**63), "9" * 400, "x" * 4000, "%F0%9F%92%A9", "+", "%20",
)  # fmt: skip
QUERIES = ("subject", "deployment", "pull", "to", "code", "state", "installation_id", "setup_action", "at")


@pytest.fixture
def served(box: Sandbox, database: Database, tmp_path: Path) -> Iterator[WebLab]:
    lab = web_lab(box, database, tmp_path)
    app = lab.made()
    with lab.serve(app=app, operators=("safety-lead",)):
        lab.install(app.id, LAB)
        yield lab


def routes(served: WebLab) -> Iterator[tuple[str, str]]:
    """Method and template of every route; probes say what they find and take nothing."""
    for route in served.web.app.routes:
        if isinstance(route, APIRoute) and route.path not in {"/readyz", "/livez"}:
            yield from ((method, route.path) for method in sorted(route.methods or ()))


def addresses(template: str, text: str) -> Iterator[str]:
    names = {"owner": OWNER, "name": NAME, "number": "1"}
    parts = [name for name in names if f"{{{name}}}" in template]
    for odd in parts:
        yield template.format(**{name: text if name == odd else names[name] for name in parts})
    plain = template.format(**names)
    yield from (f"{plain}?{name}={text}" for name in QUERIES)
    yield f"{plain}?{text}={quote(LAB)}"


def test_every_template_of_a_path_is_filled_in_here(served: WebLab) -> None:
    for _, template in routes(served):
        template.format(owner=OWNER, name=NAME, number=1)


def faults(browser: Browser, method: str, template: str, text: str) -> Iterator[str]:
    for address in addresses(template, text):
        answer = browser.request(method, address)
        if answer.status_code >= 500 or (is_refused(text) and answer.status_code not in {400, 404}):
            yield f"{method} {address[:120]}: {answer.status_code} {answer.text[:200]}"


def is_refused(text: str) -> bool:
    """Whether it is refused wherever it stands: control characters, and bytes that are no UTF-8."""
    return text.lower() in {"%00", "y%00", "%0a", "%0d%0a", "%1b", "%7f", "%ff", "%c3%28", "%ed%a0%80"}


@pytest.mark.long
def test_no_address_is_a_fault_of_the_server(served: WebLab) -> None:
    browser = served.signed_in("safety-lead")
    found: list[str] = []
    for text in ODD:
        # Each has a minute of its own: nobody may ask more often than that.
        served.box.clock.advance(timedelta(minutes=1))
        found += [fault for method, template in routes(served) for fault in faults(browser, method, template, text)]
    assert found == []


def test_a_name_with_a_nul_is_no_repository(served: WebLab) -> None:
    browser = served.signed_in("safety-lead")
    for template in (
        "/api/v1/repositories/x/y%00/status",
        f"/repositories/{LAB}%00",
        f"/api/v1/repositories/{OWNER}%00/x/explain",
    ):
        assert browser.get(template).status_code == 404
