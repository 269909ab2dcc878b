"""A pull request and its check as pages: what is in the way is read there, and a blocked merge cannot be pressed."""

from collections.abc import Callable

import httpx
import pytest

from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.lab import Lab
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
    assert '<button name="do" value="merge" disabled>' in shown
    assert f"/runs/{run.id}" in shown
    details = httpx.get(f"{where}/runs/{run.id}").text
    assert "Blocked: audio added to modalities_in on public-api" in details
    assert "<code>framework/deployments/public-api.yml:5</code>" in details
    # A form made by hand changes nothing either.
    httpx.post(f"{where}/issues/{number}", data={"as": "safety-lead", "do": "merge"})
    assert gate.lab.repo.thread(number).state == "open"
