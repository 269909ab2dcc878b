"""Documentation cannot drift: generated pages equal the code, links lead somewhere, and nothing speaks of elsewhere."""

import re
from pathlib import Path

import pytest

from docs.generate import ROOT, pages

PROSE = sorted(
    file for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_equal_the_code(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path](), "run `make docs`"


@pytest.mark.parametrize("file", PROSE, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(file: Path) -> None:
    broken = [link for link in LINK.findall(file.read_text(encoding="utf-8")) if not (file.parent / link).exists()]
    assert broken == []
