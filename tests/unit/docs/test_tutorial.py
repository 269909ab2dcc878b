"""The tutorial goes through the tours of the demo: the same ones, in their order, by the same buttons."""

import re

import pytest

from tests.unit.docs.page_commands import ROOT

PAGE = (ROOT / "docs/tutorial/first-re-assessment.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## \d+\. (.+?)\n(.+?)(?=^## )", PAGE, re.DOTALL | re.MULTILINE)


def test_its_sections_are_the_tours_and_its_buttons_those_of_their_steps() -> None:
    tours = pytest.importorskip("reassay_sandbox.demo.tours", reason="the tours are not in this tree").TOURS
    assert [title for title, _ in SECTIONS] == [tour.title for tour in tours]
    for (title, text), tour in zip(SECTIONS, tours, strict=True):
        assert re.findall(r"\*\*(.+?)\.?\*\*", text) == [step.button for step in tour.steps], title


def test_it_has_sections_with_buttons() -> None:
    assert len(SECTIONS) >= 3
    assert all("**" in text for _, text in SECTIONS)
