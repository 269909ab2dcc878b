"""A pull request and its check as pages: what is in the way is read there, and a blocked merge cannot be pressed."""

from collections.abc import Callable

import httpx
import pytest

from tests.browser.playwright_pages import NARROW, WIDE, Pages, assert_fits, screenshot
from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.lab import STARTER, Lab
from tests.sweep.test_gate_story import REQUIRED


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    return GateLab.of(make_lab(dict(FILES)))


def test_a_blocked_pull_request_says_why_and_cannot_be_merged(gate: GateLab) -> None:
    gate.lab.repo.set_up(**REQUIRED)
    number = gate.propose({API: AUDIO})
    run = gate.judge(number)
    where = f"{gate.lab.box.url}/{gate.lab.name}"
    shown = httpx.get(f"{where}/pull/{number}").text
    assert "Merging is blocked" in shown
    assert '<button name="do" value="merge" disabled aria-describedby="why-blocked">' in shown
    assert f"/runs/{run.id}" in shown
    details = httpx.get(f"{where}/runs/{run.id}").text
    assert "Blocked: " in details
    assert "audio added to modalities_in: a new input modality" in details
    assert "<code>framework/deployments/public-api.yml:5</code>" in details
    # A form made by hand changes nothing either.
    httpx.post(f"{where}/issues/{number}", data={"as": "safety-lead", "do": "merge"})
    assert gate.lab.repo.thread(number).state == "open"


def test_a_red_check_that_is_not_required_is_not_called_passed(gate: GateLab) -> None:
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    shown = httpx.get(f"{gate.lab.box.url}/{gate.lab.name}/pull/{number}").text
    assert "All checks have passed" not in shown
    assert "<b>Some checks were not successful</b>" in shown
    assert "No rule of main requires it" in shown
    assert '<button name="do" value="merge">' in shown


@pytest.mark.long
def test_nothing_stands_out_of_a_narrow_page(gate: GateLab, make_lab: Callable[..., Lab], pages: Pages) -> None:
    long = AUDIO + b"# " + b"a_long_line_without_a_blank." * 12 + b"\n"
    number = gate.propose({API: long, "framework/notes.md": b"# " + b"word " * 80})
    run = gate.judge(number)
    first = make_lab(
        {"framework/mitigations.yml": STARTER.replace(b"mode: remind\n", b"")},
        name="other-lab/first",
        first_contact=True,
    )
    first.fine()
    where = f"{gate.lab.box.url}/{gate.lab.name}"
    places = {
        "pull": f"{where}/pull/{number}",
        "run": f"{where}/runs/{run.id}",
        "issues": f"{where}/issues",
        "contact": f"{gate.lab.box.url}/{first.name}/pull/1",
    }
    page = pages.new()
    for name, address in places.items():
        page.goto(address)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            screenshot(page, f"sandbox-{name}-{width}")
