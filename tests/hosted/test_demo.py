"""`reassay demo --headless` as people run it: every tour, in one process, and each of its checks is true."""

import subprocess
import sys

import pytest

from reassay_sandbox.demo.tours import TOURS

pytestmark = pytest.mark.long


def test_the_demo_runs_every_tour_and_every_check_passes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reassay", "demo", "--headless"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "  NO   " not in done.stdout
    for tour in TOURS:
        for step in tour.steps:
            assert f": {tour.title} · {step.title}\n" in done.stdout
    said = (
        "its webhook points to the server",
        "the second sweep writes nothing",
        "every opened re-assessment has exactly one issue",
        "'effective' is refused, and nothing is recorded",
        "the next due date is 6 months later",
        "every request was valid, and so was every text",
    )
    assert [sentence for sentence in said if f"  yes  {sentence}\n" not in done.stdout] == []
    assert done.stdout.endswith("Every check passed.\n")
