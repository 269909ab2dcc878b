"""The framework of the tours is what its README says."""

import io
from pathlib import Path

from reassay.cli import main as reassay
from reassay.register.files import WorkingTree, read_register
from reassay_sandbox.demo.tours import TOURS

EXAMPLE = Path(__file__).parents[3] / "examples" / "tours"


def test_check_finds_no_error() -> None:
    out = io.StringIO()
    assert reassay(["check", str(EXAMPLE)], out, io.StringIO()) == 0, out.getvalue()


def test_the_readme_has_a_row_for_each_tour_and_names_what_is_there() -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| ") and not line.startswith("| tour")]
    assert len(rows) == len(TOURS)
    register = read_register(WorkingTree(EXAMPLE))
    assert {"suffix-filter", "desk-filter", "abuse-monitor", "rate-limits"} <= set(register.mitigations)
    assert "help-desk" in register.deployments


def test_each_step_shows_what_it_is_about_on_the_dashboard() -> None:
    names = read_register(WorkingTree(EXAMPLE)).mitigations
    is_there = {"", "cells.html", "incidents.html"} | {f"subjects/{name}.html" for name in names}
    assert {step.dashboard for tour in TOURS for step in tour.steps} <= is_there
    shown = {tour.name: {step.dashboard for step in tour.steps} for tour in TOURS}
    assert shown == {
        "evidence": {"subjects/suffix-filter.html"},
        "modality": {"subjects/desk-filter.html"},
        "incidents": {"incidents.html"},
        # What cannot be read or trusted is first on the first page.
        "typo": {""},
        "tamper": {""},
    }
